using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Passes;

/// <summary>How often a loop with constant bounds runs, found by running its counters.</summary>
sealed class TripCount
{
    readonly Loop _loop;
    readonly Dictionary<Instruction, Constant> _counters = [];

    TripCount(Loop loop) => _loop = loop;

    /// <summary>
    /// The block whose branch ends the loop (header or latch) and how many times its branch stays in the loop, or null: no such
    /// block, a bound that is not constant, or more than the limit.
    /// </summary>
    public static (BasicBlock Test, int Stays)? Find(Loop loop, int limit)
    {
        BasicBlock? test = Leaves(loop, loop.Header) ? loop.Header : loop.Latches is [var latch] && Leaves(loop, latch) ? latch : null;
        if (test is null)
            return null;
        return new TripCount(loop).Count(test, limit) is { } stays ? (test, stays) : null;
    }

    static bool Leaves(Loop loop, BasicBlock block) => block.Terminator.Kind == TerminatorKind.Branch
        && block.Terminator.Targets.Count(loop.Blocks.Contains) == 1;

    int? Count(BasicBlock test, int limit)
    {
        foreach (Instruction phi in _loop.Header.Phis)
            if (Common(phi, fromLoop: false) is { } start)
                _counters[phi] = start;
        bool stayValue = _loop.Blocks.Contains(test.Terminator.Targets[0]);
        for (int stays = 0; stays <= limit; stays++)
        {
            if (Evaluate(test.Terminator.Condition!, 0) is not { } condition)
                return null;
            if (condition.Bits != 0 != stayValue)
                return stays;
            Dictionary<Instruction, Constant> next = [];
            foreach (Instruction phi in _counters.Keys)
                if (Common(phi, fromLoop: true) is { } value)
                    next[phi] = value;
            _counters.Clear();
            foreach ((Instruction phi, Constant value) in next)
                _counters[phi] = value;
        }
        return null;
    }

    /// <summary>The constant that all of a phi's operands from inside (or outside) the loop have.</summary>
    Constant? Common(Instruction phi, bool fromLoop)
    {
        Constant? common = null;
        for (int k = 0; k < phi.Operands.Length; k++)
        {
            if (_loop.Blocks.Contains(phi.Incoming![k]) != fromLoop)
                continue;
            Constant? value = fromLoop ? Evaluate(phi.Operands[k], 0) : phi.Operands[k] as Constant;
            if (value is null || common is not null && common.Bits != value.Bits)
                return null;
            common = value;
        }
        return common;
    }

    Constant? Evaluate(Value value, int depth)
    {
        if (value is Constant constant)
            return constant;
        if (value is not Instruction instruction || depth > 16)
            return null;
        if (_counters.TryGetValue(instruction, out Constant? counter))
            return counter;
        if (!instruction.IsPure || instruction.Operands.Length == 0)
            return null;
        Constant[] operands = new Constant[instruction.Operands.Length];
        for (int k = 0; k < operands.Length; k++)
        {
            if (Evaluate(instruction.Operands[k], depth + 1) is not { } known)
                return null;
            operands[k] = known;
        }
        return ConstantFolder.Fold(instruction.Opcode, instruction.Type, operands, instruction.Payload);
    }
}
