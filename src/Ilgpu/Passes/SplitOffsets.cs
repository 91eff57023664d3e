using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Passes;

/// <summary>
/// Writes address = pointer + variable + constant, so that neighbouring accesses share their variable part and keep the constant
/// in the instruction. Exact in 64 bits; in shared memory, whose PTX addresses have 32 bits, also through 32-bit indices.
/// </summary>
static class SplitOffsets
{
    public static void Run(KernelFunction function)
    {
        foreach (BasicBlock block in function.Blocks)
        {
            List<Instruction> result = [];
            foreach (Instruction instruction in block.Instructions)
            {
                if (instruction.Opcode == Opcode.PointerAdd && Rewrite(instruction, result) is { } address)
                    instruction.ReplacedBy = address;
                else
                    result.Add(instruction);
            }
            block.Instructions = result;
        }
        function.ApplyReplacements();
        CommonSubexpressions.Run(function);
        FoldConstants.Run(function);
        CleanUp.Run(function);
    }

    static Instruction? Rewrite(Instruction address, List<Instruction> result)
    {
        Splitter splitter = new(address, result);
        (Value? variable, long constant) = splitter.Split(address.Operands[1], 0);
        if (constant == 0 || variable is null)
            return null;
        Instruction start = splitter.Place(new Instruction(Opcode.PointerAdd, address.Type, [address.Operands[0], variable]));
        return splitter.Place(new Instruction(Opcode.PointerAdd, address.Type, [start, Constant.Long(constant)]));
    }

    /// <summary>Takes one offset apart, placing what must be computed anew before the address that uses it.</summary>
    sealed class Splitter(Instruction address, List<Instruction> result)
    {
        readonly bool _modulo32 = address.Type.Space == AddressSpace.Shared;

        public Instruction Place(Instruction made)
        {
            made.Location = address.Location;
            result.Add(made);
            return made;
        }

        /// <summary>value = variable + constant; a null variable is zero. The variable is the value itself where nothing comes off.</summary>
        public (Value? Variable, long Constant) Split(Value value, int depth)
        {
            if (value is Constant known)
                return (null, known.Signed);
            if (value is not Instruction instruction || depth > 12)
                return (value, 0);
            Value[] operands = instruction.Operands;
            bool exact = instruction.Type.Kind == IrKind.I64 || _modulo32;
            switch (instruction.Opcode)
            {
                case Opcode.Add when exact:
                    {
                        (Value? a, long c) = Split(operands[0], depth + 1);
                        (Value? b, long d) = Split(operands[1], depth + 1);
                        if (c == 0 && d == 0)
                            return (value, 0);
                        Value? sum = a is null ? b : b is null ? a : Place(new Instruction(Opcode.Add, value.Type, [a, b]));
                        return (sum, c + d);
                    }
                case Opcode.Shl when exact && operands[1] is Constant { Bits: < 32 } shift:
                    {
                        (Value? a, long c) = Split(operands[0], depth + 1);
                        if (c == 0)
                            return (value, 0);
                        return (a is null ? null : Place(new Instruction(Opcode.Shl, value.Type, [a, shift])), c << (int)shift.Bits);
                    }
                case Opcode.Mul when exact && operands[1] is Constant { Signed: > int.MinValue and < int.MaxValue } factor:
                    {
                        (Value? a, long c) = Split(operands[0], depth + 1);
                        if (c == 0)
                            return (value, 0);
                        return (a is null ? null : Place(new Instruction(Opcode.Mul, value.Type, [a, factor])), c * factor.Signed);
                    }
                case Opcode.ZeroExtend or Opcode.SignExtend when _modulo32 && operands[0].Type.Kind == IrKind.I32:
                    {
                        (Value? a, long c) = Split(operands[0], depth + 1);
                        if (c == 0)
                            return (value, 0);
                        return (a is null ? null : Place(new Instruction(instruction.Opcode, IrType.I64, [a])), (int)c);
                    }
                default:
                    return (value, 0);
            }
        }
    }
}
