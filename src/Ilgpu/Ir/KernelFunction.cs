using System.Reflection;

namespace IlgpuDca.Ilgpu.Ir;

/// <summary>One kernel with every call inlined: leaf parameters, and blocks with the entry first.</summary>
public sealed class KernelFunction(string name, MethodInfo method)
{
    int _nextBlock, _lastMark;

    /// <summary>The entry point's name in PTX: letters, digits and underscores.</summary>
    public string Name { get; } = name;

    /// <summary>The C# method that the kernel was made from.</summary>
    public MethodInfo Method { get; } = method;

    public List<Parameter> Parameters { get; } = [];

    public List<BasicBlock> Blocks { get; set; } = [];

    public BasicBlock Entry => Blocks[0];

    /// <summary>.maxntid: threads of the largest group that will be launched; 0 when unknown.</summary>
    public int MaxThreadsPerGroup { get; set; }

    /// <summary>.minnctapersm; 0 when unknown.</summary>
    public int MinGroupsPerMultiprocessor { get; set; }

    public IEnumerable<Instruction> Instructions => Blocks.SelectMany(block => block.Instructions);

    /// <summary>A new block, appended.</summary>
    public BasicBlock AddBlock()
    {
        BasicBlock block = NewBlock();
        Blocks.Add(block);
        return block;
    }

    /// <summary>A new block that the caller places.</summary>
    public BasicBlock NewBlock() => new(_nextBlock++);

    /// <summary>The blocks that jump to each block, in block order; a block that names a target twice is listed once.</summary>
    public Dictionary<BasicBlock, List<BasicBlock>> Predecessors()
    {
        Dictionary<BasicBlock, List<BasicBlock>> predecessors = Blocks.ToDictionary(block => block, _ => new List<BasicBlock>());
        foreach (BasicBlock block in Blocks)
            foreach (BasicBlock target in block.Terminator.Targets)
                if (predecessors[target] is var from && (from.Count == 0 || from[^1] != block))
                    from.Add(block);
        return predecessors;
    }

    /// <summary>A number that no instruction is marked with yet.</summary>
    public int NewMark() => ++_lastMark;

    /// <summary>Puts in the place of every replaced instruction, everywhere, what stands for it, and takes it out of its block.</summary>
    /// <returns>Whether any was still in a block.</returns>
    public bool ApplyReplacements()
    {
        bool removed = false;
        foreach (BasicBlock block in Blocks)
        {
            foreach (Instruction instruction in block.Instructions)
            {
                Value[] operands = instruction.Operands;
                for (int k = 0; k < operands.Length; k++)
                    if (operands[k] is Instruction { ReplacedBy: { } value })
                        operands[k] = value.Resolved;
            }
            removed |= block.Instructions.RemoveAll(instruction => instruction.ReplacedBy is not null) > 0;
            if (block.Terminator.Condition is Instruction { ReplacedBy: { } condition })
                block.Terminator.Condition = condition.Resolved;
        }
        return removed;
    }
}
