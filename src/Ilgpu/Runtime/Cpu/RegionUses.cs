using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>
/// What the code of a region reads and writes: decides what is set up before the loop and what frames carry.
/// </summary>
sealed class RegionUses
{
    readonly Placements _placements;
    readonly HashSet<Instruction> _seen = [];

    public RegionUses(KernelPlan plan, List<Segment> segments)
    {
        _placements = plan.Placements;
        foreach (Segment segment in segments)
        {
            foreach (Instruction instruction in segment.Instructions)
            {
                if (_placements.Of(instruction) != Placement.Local)
                    continue;
                Written.UnionWith(_placements.VariablesOf(instruction));
                if (!instruction.IsPhi)
                    VisitAll(instruction.Operands);
            }
            if (segment.Exit is { } exit)
            {
                Exits.Add(exit);
                VisitAll(exit.Instruction?.Operands ?? []);
                continue;
            }
            Terminator end = segment.Block.Terminator;
            Returns |= end.Kind == TerminatorKind.Return;
            if (end.Condition is { } condition)
                Visit(condition);
            foreach (BasicBlock target in end.Targets)
                foreach (Instruction phi in target.Phis)
                    if (_placements.Of(phi) != Placement.Dead)
                        for (int k = 0; k < phi.Operands.Length; k++)
                            if (phi.Incoming![k] == segment.Block)
                                Visit(phi.Operands[k]);
        }
    }

    public HashSet<Variable> Read { get; } = [];

    public HashSet<Variable> Written { get; } = [];

    public HashSet<Parameter> Parameters { get; } = [];

    /// <summary>Values that are the same for the whole group, each after its operands.</summary>
    public List<Instruction> Uniforms { get; } = [];

    /// <summary>The coordinates that are read: GroupIdxX, GroupIdxY, GroupIdxZ, LaneIdx.</summary>
    public HashSet<SpecialRegister> ThreadIndices { get; } = [];

    /// <summary>Where threads leave, return apart.</summary>
    public List<Suspension> Exits { get; } = [];

    /// <summary>Some thread may reach the kernel's end.</summary>
    public bool Returns { get; }

    void VisitAll(Value[] values)
    {
        foreach (Value value in values)
            Visit(value);
    }

    void Visit(Value value)
    {
        if (value is Parameter parameter)
            Parameters.Add(parameter);
        if (value is not Instruction instruction)
            return;
        switch (_placements.Of(instruction))
        {
            case Placement.Local:
            case Placement.Alias:
                Read.Add(_placements.VariableOf(instruction));
                break;
            case Placement.Folded:
            case Placement.Inline:
                VisitAll(instruction.Operands);
                break;
            case Placement.ThreadIndex:
                ThreadIndices.Add((SpecialRegister)instruction.Payload!);
                break;
            case Placement.Uniform when _seen.Add(instruction):
                VisitAll(instruction.Operands);
                Uniforms.Add(instruction);
                break;
        }
    }
}
