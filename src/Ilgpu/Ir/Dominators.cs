namespace IlgpuDca.Ilgpu.Ir;

/// <summary>Immediate dominators of a function's blocks (Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm").</summary>
public sealed class Dominators
{
    readonly Dictionary<BasicBlock, int> _order = [];
    readonly BasicBlock[] _blocks;
    readonly int[] _immediate;

    /// <summary>All blocks must be reachable from the entry.</summary>
    public Dominators(KernelFunction function)
    {
        Predecessors = function.Predecessors();
        _blocks = [.. ReversePostorder(function.Entry)];
        for (int k = 0; k < _blocks.Length; k++)
            _order[_blocks[k]] = k;
        _immediate = new int[_blocks.Length];
        Array.Fill(_immediate, -1);
        _immediate[0] = 0;

        bool changed = true;
        while (changed)
        {
            changed = false;
            for (int k = 1; k < _blocks.Length; k++)
            {
                int dominator = -1;
                foreach (BasicBlock predecessor in Predecessors[_blocks[k]])
                {
                    int p = _order[predecessor];
                    if (_immediate[p] < 0)
                        continue;
                    dominator = dominator < 0 ? p : Intersect(p, dominator);
                }
                if (_immediate[k] != dominator)
                {
                    _immediate[k] = dominator;
                    changed = true;
                }
            }
        }
    }

    public Dictionary<BasicBlock, List<BasicBlock>> Predecessors { get; }

    /// <summary>The blocks in reverse postorder, the entry first.</summary>
    public IReadOnlyList<BasicBlock> Order => _blocks;

    /// <summary>The closest other block that every path to this one passes; the entry's is itself.</summary>
    public BasicBlock Immediate(BasicBlock block) => _blocks[_immediate[_order[block]]];

    /// <summary>Whether every path to b passes a; a block dominates itself.</summary>
    public bool Dominates(BasicBlock a, BasicBlock b)
    {
        int target = _order[a], at = _order[b];
        while (at > target)
            at = _immediate[at];
        return at == target;
    }

    int Intersect(int a, int b)
    {
        while (a != b)
        {
            while (a > b)
                a = _immediate[a];
            while (b > a)
                b = _immediate[b];
        }
        return a;
    }

    static List<BasicBlock> ReversePostorder(BasicBlock entry)
    {
        List<BasicBlock> order = [];
        HashSet<BasicBlock> seen = [entry];
        Stack<(BasicBlock Block, int Next)> path = new([(entry, 0)]);
        while (path.TryPop(out (BasicBlock Block, int Next) top))
        {
            BasicBlock[] targets = top.Block.Terminator.Targets;
            if (top.Next == targets.Length)
            {
                order.Add(top.Block);
                continue;
            }
            path.Push((top.Block, top.Next + 1));
            if (seen.Add(targets[top.Next]))
                path.Push((targets[top.Next], 0));
        }
        order.Reverse();
        return order;
    }
}
