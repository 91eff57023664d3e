using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Frontend;

/// <summary>
/// Turns assignments to variables into SSA values while blocks are filled (Braun et al., "Simple and Efficient Construction of
/// Static Single Assignment Form", CC 2013): a block is sealed when all its predecessors are known; reading a variable in a block
/// that isn't leaves a phi to be completed at its sealing.
/// </summary>
sealed class SsaBuilder(KernelFunction function)
{
    readonly Dictionary<BasicBlock, Dictionary<Variable, Value>> _definitions = [];
    readonly Dictionary<BasicBlock, List<BasicBlock>> _predecessors = [];
    readonly Dictionary<BasicBlock, Dictionary<Variable, Instruction>> _incomplete = [];
    readonly HashSet<BasicBlock> _sealed = [];

    /// <summary>Where instructions are appended.</summary>
    public BasicBlock Current { get; set; } = null!;

    public KernelFunction Function => function;

    public BasicBlock AddBlock(bool sealIt = false)
    {
        BasicBlock block = function.AddBlock();
        _definitions[block] = [];
        _predecessors[block] = [];
        if (sealIt)
            Seal(block);
        return block;
    }

    /// <summary>Ends the current block and records its edges.</summary>
    public void End(Terminator terminator)
    {
        Current.Terminator = terminator;
        foreach (BasicBlock target in terminator.Targets.Distinct())
            _predecessors[target].Add(Current);
    }

    public void Write(Variable variable, Value value) => _definitions[Current][variable] = value;

    public Value Read(Variable variable) => Read(variable, Current);

    public void Seal(BasicBlock block)
    {
        if (!_sealed.Add(block))
            return;
        if (_incomplete.Remove(block, out Dictionary<Variable, Instruction>? phis))
            foreach ((Variable variable, Instruction phi) in phis)
                Complete(variable, phi, block);
    }

    /// <summary>Applies the replacements of trivial phis to the whole function.</summary>
    public void Finish() => function.ApplyReplacements();

    Value Read(Variable variable, BasicBlock block)
    {
        // Straight lines of sealed single-predecessor blocks are walked without recursion.
        BasicBlock start = block;
        while (true)
        {
            if (_definitions[block].TryGetValue(variable, out Value? known))
            {
                known = known.Resolved;
                _definitions[start][variable] = known;
                return known;
            }
            if (!_sealed.Contains(block) || _predecessors[block].Count != 1)
                break;
            block = _predecessors[block][0];
        }

        Value value;
        if (!_sealed.Contains(block))
        {
            Instruction phi = NewPhi(variable, block);
            if (!_incomplete.TryGetValue(block, out Dictionary<Variable, Instruction>? phis))
                _incomplete[block] = phis = [];
            phis[variable] = phi;
            value = phi;
        }
        else if (_predecessors[block].Count == 0)
        {
            value = new Undefined(variable.Type);
        }
        else
        {
            Instruction phi = NewPhi(variable, block);
            _definitions[block][variable] = phi;
            value = Complete(variable, phi, block);
        }
        _definitions[block][variable] = value;
        _definitions[start][variable] = value;
        return value;
    }

    static Instruction NewPhi(Variable variable, BasicBlock block)
    {
        Instruction phi = new(Opcode.Phi, variable.Type, []) { Incoming = [] };
        block.Instructions.Insert(0, phi);
        return phi;
    }

    Value Complete(Variable variable, Instruction phi, BasicBlock block)
    {
        List<BasicBlock> predecessors = _predecessors[block];
        phi.Incoming = [.. predecessors];
        Value[] operands = new Value[predecessors.Count];
        for (int k = 0; k < operands.Length; k++)
            operands[k] = Read(variable, predecessors[k]);
        phi.Operands = operands;

        Value? same = null;
        foreach (Value operand in operands)
        {
            Value value = operand.Resolved;
            if (ReferenceEquals(value, phi) || ReferenceEquals(value, same))
                continue;
            if (same is Constant a && value is Constant b && a.Type == b.Type && a.Bits == b.Bits)
                continue;
            if (same is not null)
                return phi;
            same = value;
        }
        same ??= new Undefined(variable.Type);
        phi.ReplacedBy = same;
        block.Instructions.Remove(phi);
        if (_definitions[block].TryGetValue(variable, out Value? defined) && ReferenceEquals(defined, phi))
            _definitions[block][variable] = same;
        return same;
    }
}
