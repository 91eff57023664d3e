using System.Reflection.Emit;

namespace IlgpuDca.Ilgpu.Frontend;

/// <summary>A run of IL that is entered at its first instruction only.</summary>
sealed class IlBlock(int offset)
{
    public int Offset { get; } = offset;

    public List<IlInstruction> Instructions { get; } = [];

    /// <summary>Where control goes from the last instruction, each once.</summary>
    public List<IlBlock> Successors { get; } = [];

    /// <summary>Edges that lead here.</summary>
    public int Predecessors { get; set; }

    /// <summary>Cuts a method into blocks; returns those that can be reached, in reverse postorder: a block comes after all that precede it, back edges apart.</summary>
    public static List<IlBlock> Split(List<IlInstruction> instructions)
    {
        SortedSet<int> leaders = [0];
        foreach (IlInstruction instruction in instructions)
        {
            foreach (int target in Targets(instruction))
                leaders.Add(target);
            if (EndsBlock(instruction.OpCode))
                leaders.Add(instruction.NextOffset);
        }

        Dictionary<int, IlBlock> blocks = [];
        IlBlock? current = null;
        foreach (IlInstruction instruction in instructions)
        {
            if (leaders.Contains(instruction.Offset))
                blocks[instruction.Offset] = current = new IlBlock(instruction.Offset);
            current!.Instructions.Add(instruction);
        }

        foreach (IlBlock block in blocks.Values)
        {
            IlInstruction last = block.Instructions[^1];
            foreach (int target in Targets(last))
                Link(block, blocks[target]);
            bool fallsThrough = last.OpCode.FlowControl is not (FlowControl.Branch or FlowControl.Return or FlowControl.Throw);
            if (fallsThrough && blocks.TryGetValue(last.NextOffset, out IlBlock? next))
                Link(block, next);
        }

        List<IlBlock> order = ReversePostorder(blocks[0]);
        foreach (IlBlock block in order)
            foreach (IlBlock successor in block.Successors)
                successor.Predecessors++;
        return order;
    }

    static void Link(IlBlock from, IlBlock to)
    {
        if (!from.Successors.Contains(to))
            from.Successors.Add(to);
    }

    static bool EndsBlock(OpCode opCode) => opCode.FlowControl is FlowControl.Branch or FlowControl.Cond_Branch or FlowControl.Return
        or FlowControl.Throw;

    /// <summary>The offsets that a branch or switch names.</summary>
    public static int[] Targets(IlInstruction instruction) => instruction.OpCode.OperandType switch
    {
        OperandType.InlineBrTarget or OperandType.ShortInlineBrTarget => [(int)instruction.Operand!],
        OperandType.InlineSwitch => (int[])instruction.Operand!,
        _ => [],
    };

    static List<IlBlock> ReversePostorder(IlBlock entry)
    {
        List<IlBlock> order = [];
        HashSet<IlBlock> seen = [entry];
        Stack<(IlBlock Block, int Next)> path = new([(entry, 0)]);
        while (path.TryPop(out (IlBlock Block, int Next) top))
        {
            if (top.Next == top.Block.Successors.Count)
            {
                order.Add(top.Block);
                continue;
            }
            path.Push((top.Block, top.Next + 1));
            IlBlock successor = top.Block.Successors[top.Next];
            if (seen.Add(successor))
                path.Push((successor, 0));
        }
        order.Reverse();
        return order;
    }
}
