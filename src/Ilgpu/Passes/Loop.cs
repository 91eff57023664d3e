using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Passes;

/// <summary>A natural loop: a header that dominates the blocks from which control returns to it.</summary>
sealed class Loop(BasicBlock header)
{
    public BasicBlock Header { get; } = header;

    /// <summary>All blocks of the loop, the header and inner loops included.</summary>
    public HashSet<BasicBlock> Blocks { get; } = [header];

    /// <summary>The blocks that jump back to the header.</summary>
    public List<BasicBlock> Latches { get; } = [];

    /// <summary>The loops of a function, inner ones before those around them.</summary>
    public static List<Loop> Find(KernelFunction function)
    {
        Dominators dominators = new(function);
        Dictionary<BasicBlock, Loop> loops = [];
        foreach (BasicBlock block in dominators.Order)
            foreach (BasicBlock target in block.Terminator.Targets.Distinct())
            {
                if (!dominators.Dominates(target, block))
                    continue;
                if (!loops.TryGetValue(target, out Loop? loop))
                    loops[target] = loop = new Loop(target);
                loop.Latches.Add(block);
                Stack<BasicBlock> open = new([block]);
                while (open.TryPop(out BasicBlock? inside))
                    if (loop.Blocks.Add(inside))
                        foreach (BasicBlock predecessor in dominators.Predecessors[inside])
                            open.Push(predecessor);
            }
        return [.. loops.Values.OrderBy(loop => loop.Blocks.Count)];
    }

    /// <summary>Instructions in the loop.</summary>
    public int Size => Blocks.Sum(block => block.Instructions.Count + 1);
}
