using System.Numerics;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Passes;

/// <summary>What is known of an address's or an offset's divisibility by powers of two.</summary>
static class Alignment
{
    const int Limit = 512;

    /// <summary>Bytes, a power of two, that the address is certainly a multiple of; 1 when nothing is known.</summary>
    public static int Of(Value pointer, int depth = 0) => pointer switch
    {
        Instruction { Opcode: Opcode.Alloca } alloca => alloca.AllocaInfo.Alignment,
        Instruction { Opcode: Opcode.DynamicShared } => 128,
        Instruction { Opcode: Opcode.ConstantData } => 16,
        Instruction { Opcode: Opcode.AssumeAligned } known => Math.Max((int)known.Payload!, depth > 16 ? 1 : Of(known.Operands[0], depth + 1)),
        Instruction { Opcode: Opcode.PointerAdd } sum when depth <= 16 => Math.Min(Of(sum.Operands[0], depth + 1), Multiple(sum.Operands[1], depth + 1)),
        _ => 1,
    };

    /// <summary>A power of two that divides an integer.</summary>
    static int Multiple(Value value, int depth)
    {
        if (depth > 16)
            return 1;
        switch (value)
        {
            case Constant constant:
                return constant.Bits == 0 ? Limit : (int)Math.Min(Limit, 1UL << BitOperations.TrailingZeroCount(constant.Bits));
            case Instruction instruction:
                Value[] operands = instruction.Operands;
                return instruction.Opcode switch
                {
                    Opcode.Add or Opcode.Sub or Opcode.Or or Opcode.Xor => Math.Min(Multiple(operands[0], depth + 1), Multiple(operands[1], depth + 1)),
                    Opcode.And => Math.Max(Multiple(operands[0], depth + 1), Multiple(operands[1], depth + 1)),
                    Opcode.Mul => Math.Min(Limit, Multiple(operands[0], depth + 1) * Multiple(operands[1], depth + 1)),
                    Opcode.Shl when operands[1] is Constant { Bits: < 10 } shift => Math.Min(Limit, Multiple(operands[0], depth + 1) << (int)shift.Bits),
                    Opcode.ZeroExtend or Opcode.SignExtend or Opcode.Truncate64 => operands[0].Type.Kind == IrKind.Bool ? 1 : Multiple(operands[0], depth + 1),
                    Opcode.Select => Math.Min(Multiple(operands[1], depth + 1), Multiple(operands[2], depth + 1)),
                    _ => 1,
                };
            default:
                return 1;
        }
    }
}
