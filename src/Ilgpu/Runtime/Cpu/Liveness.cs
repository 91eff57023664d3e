using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>Finds what is live after each suspension and gives slots of the warp's frame to those variables.</summary>
sealed class Liveness
{
    readonly ControlFlow _flow;
    readonly Placements _placements;
    readonly Dictionary<BasicBlock, VariableSet> _liveAtStart = new();
    readonly Dictionary<Suspension, VariableSet> _liveAfter = new();

    public Liveness(ControlFlow flow, Placements placements)
    {
        (_flow, _placements) = (flow, placements);
        if (flow.Suspensions.Count == 0)
            return;
        foreach (BasicBlock block in flow.Order)
            _liveAtStart[block] = NewSet();
        bool changed = true;
        while (changed)
        {
            changed = false;
            for (int k = flow.Order.Count - 1; k >= 0; k--)
                changed |= _liveAtStart[flow.Order[k]].Unite(WalkBack(flow.Order[k]));
        }
        foreach ((Suspension suspension, VariableSet live) in _liveAfter)
            suspension.Live = [.. live.Indices.Select(index => placements.Variables[index])];
    }

    /// <summary>
    /// Gives each variable that outlives a suspension a slot; variables that never do together share.
    /// </summary>
    /// <param name="offset">Where slots begin in the frame.</param>
    /// <returns>Where they end.</returns>
    public int AssignSlots(int offset)
    {
        SortedDictionary<int, VariableSet> conflicts = new();
        foreach ((Suspension suspension, VariableSet live) in _liveAfter)
        {
            VariableSet stored = live.Clone();
            // A collective's results stay with its operands; they are loaded when the thread goes on.
            if (suspension.Kind == SuspensionKind.Collective)
                foreach (Variable result in _placements.VariablesOf(suspension.Instruction!))
                    stored.Remove(result);
            foreach (int index in stored.Indices)
            {
                if (!conflicts.TryGetValue(index, out VariableSet? others))
                    conflicts[index] = others = NewSet();
                others.Unite(stored);
            }
        }

        List<(int Offset, int Size, VariableSet Users)> slots = [];
        foreach ((int index, VariableSet others) in conflicts)
        {
            Variable variable = _placements.Variables[index];
            int slot = slots.FindIndex(candidate => candidate.Size == variable.Size
                && !candidate.Users.Overlaps(others));
            if (slot < 0)
            {
                slot = slots.Count;
                slots.Add((offset, variable.Size, NewSet()));
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

    VariableSet NewSet() => new(_placements.Variables.Count);

    /// <summary>What is live at a block's start; on the way, what is live after each of its suspensions.</summary>
    VariableSet WalkBack(BasicBlock block)
    {
        VariableSet live = NewSet();
        foreach (BasicBlock target in block.Terminator.Targets)
        {
            live.Unite(_liveAtStart[target]);
            foreach (Instruction phi in target.Phis)
                if (_placements.Of(phi) != Placement.Dead)
                    for (int k = 0; k < phi.Operands.Length; k++)
                        if (phi.Incoming![k] == block)
                            Read(phi.Operands[k]);
        }
        if (block.Terminator.Condition is { } condition)
            Read(condition);

        List<Segment> segments = _flow.Segments[block];
        for (int s = segments.Count - 1; s >= 0; s--)
        {
            Segment segment = segments[s];
            if (segment.Exit is { } exit)
            {
                _liveAfter[exit] = live.Clone();
                if (exit.Instruction is { } convergent)
                    Walk(convergent);
            }
            for (int k = segment.End - 1; k >= segment.Start; k--)
                Walk(block.Instructions[k]);
        }
        return live;

        void Read(Value value)
        {
            foreach (Variable leaf in _placements.Leaves(value))
                live.Add(leaf);
        }

        // What a folded instruction reads is found where its tree stands: at the instruction that it ends in.
        void Walk(Instruction instruction)
        {
            if (_placements.Of(instruction) != Placement.Local)
                return;
            foreach (Variable variable in _placements.VariablesOf(instruction))
                live.Remove(variable);
            if (!instruction.IsPhi)
                foreach (Value operand in instruction.Operands)
                    Read(operand);
        }
    }
}
