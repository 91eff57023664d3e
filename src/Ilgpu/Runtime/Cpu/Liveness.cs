using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>Finds what is live after each suspension and gives slots of the warp's frame to those variables.</summary>
sealed class Liveness
{
    readonly ControlFlow _flow;
    readonly Placements _placements;
    readonly Dictionary<BasicBlock, HashSet<Variable>> _liveAtStart = new();

    public Liveness(ControlFlow flow, Placements placements)
    {
        (_flow, _placements) = (flow, placements);
        if (flow.Suspensions.Count == 0)
            return;
        foreach (BasicBlock block in flow.Order)
            _liveAtStart[block] = [];
        bool changed = true;
        while (changed)
        {
            changed = false;
            for (int k = flow.Order.Count - 1; k >= 0; k--)
            {
                HashSet<Variable> live = WalkBack(flow.Order[k]);
                if (live.Count == _liveAtStart[flow.Order[k]].Count)
                    continue;
                _liveAtStart[flow.Order[k]] = live;
                changed = true;
            }
        }
    }

    /// <summary>Gives each variable that outlives a suspension a slot; variables that never do together share.</summary>
    /// <param name="offset">Where slots begin in the frame.</param>
    /// <returns>Where they end.</returns>
    public int AssignSlots(int offset)
    {
        Dictionary<Variable, HashSet<Variable>> conflicts = new();
        foreach (Suspension suspension in _flow.Suspensions)
        {
            HashSet<Variable> stored = [.. suspension.Live];
            // A collective's results stay with its operands; they are loaded when the thread goes on.
            if (suspension.Kind == SuspensionKind.Collective)
                stored.ExceptWith(_placements.VariablesOf(suspension.Instruction!));
            foreach (Variable variable in stored)
            {
                if (!conflicts.TryGetValue(variable, out HashSet<Variable>? others))
                    conflicts[variable] = others = [];
                others.UnionWith(stored);
            }
        }

        List<(int Offset, int Size, HashSet<Variable> Users)> slots = [];
        foreach ((Variable variable, HashSet<Variable> others) in conflicts)
        {
            int slot = slots.FindIndex(candidate => candidate.Size == variable.Size && !candidate.Users.Overlaps(others));
            if (slot < 0)
            {
                slot = slots.Count;
                slots.Add((offset, variable.Size, []));
                offset += FrameLayout.WarpSize * variable.Size;
            }
            slots[slot].Users.Add(variable);
            variable.SlotOffset = slots[slot].Offset;
        }
        foreach (Suspension suspension in _flow.Suspensions)
            if (suspension.Instruction is { Opcode: not Opcode.Collective } instruction
                && _placements.VariablesOf(instruction) is [Variable result])
                suspension.ResultOffset = result.SlotOffset;
        return offset;
    }

    /// <summary>What is live at a block's start; on the way, what is live after each of its suspensions.</summary>
    HashSet<Variable> WalkBack(BasicBlock block)
    {
        HashSet<Variable> live = [];
        foreach (BasicBlock target in block.Terminator.Targets)
        {
            live.UnionWith(_liveAtStart[target]);
            foreach (Instruction phi in target.Phis)
                if (_placements.Of(phi) != Placement.Dead)
                    for (int k = 0; k < phi.Operands.Length; k++)
                        if (phi.Incoming![k] == block)
                            live.UnionWith(_placements.Leaves(phi.Operands[k]));
        }
        if (block.Terminator.Condition is { } condition)
            live.UnionWith(_placements.Leaves(condition));

        List<Segment> segments = _flow.Segments[block];
        for (int s = segments.Count - 1; s >= 0; s--)
        {
            Segment segment = segments[s];
            if (segment.Exit is { } exit)
            {
                exit.Live = [.. live];
                if (exit.Instruction is { } convergent)
                    Walk(convergent);
            }
            for (int k = segment.End - 1; k >= segment.Start; k--)
                Walk(block.Instructions[k]);
        }
        return live;

        void Walk(Instruction instruction)
        {
            Placement placement = _placements.Of(instruction);
            if (placement is not (Placement.Local or Placement.Folded))
                return;
            live.ExceptWith(_placements.VariablesOf(instruction));
            if (!instruction.IsPhi)
                foreach (Value operand in instruction.Operands)
                    live.UnionWith(_placements.Leaves(operand));
        }
    }
}
