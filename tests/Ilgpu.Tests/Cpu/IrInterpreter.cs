using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Tests.Cpu;

/// <summary>
/// Runs a kernel of I32 values over one group by walking its IR, one thread after the other between suspensions.
/// Memory is one array of ints; pointers are byte offsets in it.
/// </summary>
sealed class IrInterpreter(KernelFunction function, int[] memory, int threads)
{
    readonly Dictionary<Value, long>[] _values = [.. Enumerable.Range(0, threads).Select(_ =>
        new Dictionary<Value, long>(ReferenceEqualityComparer.Instance))];

    /// <summary>Runs all threads to their end; all must meet at every suspension.</summary>
    public void Run()
    {
        IEnumerator<Instruction>[] walks = [.. Enumerable.Range(0, threads).Select(thread =>
            Walk(thread).GetEnumerator())];
        while (true)
        {
            Instruction?[] at = [.. walks.Select(walk => walk.MoveNext() ? walk.Current : null)];
            if (at.Distinct().Count() != 1)
                throw new InvalidOperationException("The threads wait at different instructions.");
            if (at[0] is not { } instruction)
                return;
            long[] results = [.. Enumerable.Range(0, threads).Select(thread => Meet(instruction, thread))];
            for (int thread = 0; thread < threads; thread++)
                _values[thread][instruction] = results[thread];
        }
    }

    long Meet(Instruction instruction, int thread)
    {
        switch (instruction.Opcode)
        {
            case Opcode.BarrierPopCount:
                return Enumerable.Range(0, threads).Count(other => Read(instruction.Operands[0], other) != 0);
            case Opcode.Shuffle:
                int source = thread ^ (int)Read(instruction.Operands[1], thread);
                return Read(instruction.Operands[0], source < threads ? source : thread);
            default:
                return 0;
        }
    }

    IEnumerable<Instruction> Walk(int thread)
    {
        Dictionary<Value, long> values = _values[thread];
        BasicBlock? from = null;
        BasicBlock? block = function.Entry;
        while (block != null)
        {
            long[] phis = [.. block.Phis.Select(phi => Read(phi.Operands[Array.IndexOf(phi.Incoming!, from)], thread))];
            foreach ((Instruction phi, long value) in block.Phis.Zip(phis))
                values[phi] = value;
            foreach (Instruction instruction in block.Instructions.Skip(phis.Length))
            {
                if (instruction.IsConvergent)
                    yield return instruction;
                else
                    values[instruction] = Compute(instruction, thread);
            }
            from = block;
            Terminator end = block.Terminator;
            block = end.Kind switch
            {
                TerminatorKind.Return => null,
                TerminatorKind.Jump => end.Targets[0],
                _ => end.Targets[Read(end.Condition!, thread) != 0 ? 0 : 1],
            };
        }
    }

    long Read(Value value, int thread) => value switch
    {
        Constant constant => constant.Signed,
        Parameter => 0,
        _ => _values[thread][value],
    };

    long Compute(Instruction instruction, int thread)
    {
        long Operand(int k) => Read(instruction.Operands[k], thread);
        long Cut(long value) => instruction.Type.Kind == IrKind.I32 ? (int)value : value;
        switch (instruction.Opcode)
        {
            case Opcode.Special:
                return (SpecialRegister)instruction.Payload! == SpecialRegister.LaneIdx ? thread % 32 : thread;
            case Opcode.Add:
                return Cut(Operand(0) + Operand(1));
            case Opcode.Sub:
                return Cut(Operand(0) - Operand(1));
            case Opcode.Mul:
                return Cut(Operand(0) * Operand(1));
            case Opcode.And:
                return Operand(0) & Operand(1);
            case Opcode.Xor:
                return Operand(0) ^ Operand(1);
            case Opcode.SignExtend:
                return Operand(0);
            case Opcode.PointerAdd:
                return Operand(0) + Operand(1);
            case Opcode.Compare:
                return instruction.Comparison.Predicate == Predicate.Less
                    ? Operand(0) < Operand(1) ? 1 : 0 : Operand(0) == Operand(1) ? 1 : 0;
            case Opcode.Select:
                return Operand(0) != 0 ? Operand(1) : Operand(2);
            case Opcode.Load:
                return memory[Operand(0) / sizeof(int)];
            case Opcode.Store:
                memory[Operand(0) / sizeof(int)] = (int)Operand(1);
                return 0;
            default:
                throw new NotSupportedException(instruction.Opcode.ToString());
        }
    }
}
