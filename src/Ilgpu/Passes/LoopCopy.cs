using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Passes;

/// <summary>One iteration of a loop, written out. Its header's phis become the values that the iteration before it left.</summary>
sealed class LoopCopy
{
    readonly Loop _loop;
    readonly Dictionary<Value, Value> _values = new(ReferenceEqualityComparer.Instance);

    /// <param name="function">Where the new blocks are numbered; they are placed by the caller.</param>
    /// <param name="loop">What is copied.</param>
    /// <param name="body">The loop's blocks, in order.</param>
    /// <param name="previous">The iteration before, or null for the first.</param>
    public LoopCopy(KernelFunction function, Loop loop, BasicBlock[] body, LoopCopy? previous)
    {
        _loop = loop;
        foreach (BasicBlock block in body)
            Blocks[block] = function.NewBlock();
        foreach (Instruction phi in loop.Header.Phis)
            CopyHeaderPhi(phi, previous);
        foreach (BasicBlock block in body)
            foreach (Instruction instruction in block.Instructions)
                if (block != loop.Header || !instruction.IsPhi)
                {
                    Instruction copy = new(instruction.Opcode, instruction.Type, instruction.Operands, instruction.Payload) { Location = instruction.Location };
                    _values[instruction] = copy;
                    Blocks[block].Instructions.Add(copy);
                    copy.Incoming = instruction.Incoming is { } incoming ? Array.ConvertAll(incoming, from => Blocks[from]) : null;
                }
        foreach (BasicBlock block in body)
        {
            foreach (Instruction copy in Blocks[block].Instructions)
                if (!_headerPhis.Contains(copy))
                    copy.Operands = Array.ConvertAll(copy.Operands, Map);
            Terminator end = block.Terminator;
            Blocks[block].Terminator = new Terminator(end.Kind, end.Condition is null ? null : Map(end.Condition), Array.ConvertAll(end.Targets, Target))
            {
                Location = end.Location,
            };
        }
    }

    readonly HashSet<Instruction> _headerPhis = [];

    /// <summary>The copy of each of the loop's blocks.</summary>
    public Dictionary<BasicBlock, BasicBlock> Blocks { get; } = [];

    /// <summary>This iteration's form of a value; values from outside the loop stand for themselves.</summary>
    public Value Map(Value value) => _values.GetValueOrDefault(value, value);

    /// <summary>Where a branch to a block leads: inside the copy, or out of the loop. The way back to the header is set by <see cref="ConnectLatches"/>.</summary>
    public BasicBlock Target(BasicBlock block) => Blocks.GetValueOrDefault(block, block);

    /// <summary>Sends the branches back to the header on to the next iteration; the last iteration has none that is taken.</summary>
    public void ConnectLatches(LoopCopy? next)
    {
        BasicBlock own = Blocks[_loop.Header];
        foreach (BasicBlock latch in _loop.Latches)
        {
            Terminator end = Blocks[latch].Terminator;
            end.Targets = [.. end.Targets.Select(target => target == own && next is not null ? next.Blocks[_loop.Header] : target)];
        }
    }

    void CopyHeaderPhi(Instruction phi, LoopCopy? previous)
    {
        List<BasicBlock> incoming = [];
        List<Value> operands = [];
        for (int k = 0; k < phi.Operands.Length; k++)
        {
            bool fromLoop = _loop.Blocks.Contains(phi.Incoming![k]);
            if (fromLoop == previous is null)
                continue;
            incoming.Add(previous is null ? phi.Incoming[k] : previous.Blocks[phi.Incoming[k]]);
            operands.Add(previous is null ? phi.Operands[k] : previous.Map(phi.Operands[k]));
        }
        if (operands.Count == 1)
        {
            _values[phi] = operands[0];
            return;
        }
        Instruction copy = new(Opcode.Phi, phi.Type, [.. operands]) { Incoming = [.. incoming], Location = phi.Location };
        _values[phi] = copy;
        _headerPhis.Add(copy);
        Blocks[_loop.Header].Instructions.Add(copy);
    }
}
