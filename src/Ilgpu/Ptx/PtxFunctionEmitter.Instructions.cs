using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Ptx;

/// <summary>Arithmetic, comparisons, conversions.</summary>
sealed partial class PtxFunctionEmitter
{
    void EmitInstruction(Instruction instruction)
    {
        Value[] operands = instruction.Operands;
        IrType type = instruction.Type;
        switch (instruction.Opcode)
        {
            case Opcode.Add or Opcode.Sub:
                string sumType = type.IsFloat ? "rn." + FloatType(type) : SignedType(type);
                Simple(instruction, $"{(instruction.Opcode == Opcode.Add ? "add" : "sub")}.{sumType}");
                break;
            case Opcode.Mul:
                Multiply(instruction);
                break;
            case Opcode.Neg or Opcode.Abs:
                Simple(instruction, $"{(instruction.Opcode == Opcode.Neg ? "neg" : "abs")}.{(type.IsFloat ? FloatType(type) : SignedType(type))}");
                break;
            case Opcode.DivS or Opcode.DivU or Opcode.RemS or Opcode.RemU:
                Divide(instruction);
                break;
            case Opcode.MinS or Opcode.MaxS:
                Simple(instruction, $"{(instruction.Opcode == Opcode.MinS ? "min" : "max")}.{SignedType(type)}");
                break;
            case Opcode.MinU or Opcode.MaxU:
                Simple(instruction, $"{(instruction.Opcode == Opcode.MinU ? "min" : "max")}.{UnsignedType(type)}");
                break;
            case Opcode.MulHighS:
                Simple(instruction, $"mul.hi.{SignedType(type)}");
                break;
            case Opcode.MulHighU:
                Simple(instruction, $"mul.hi.{UnsignedType(type)}");
                break;
            case Opcode.And or Opcode.Or or Opcode.Xor:
                string name = instruction.Opcode.ToString().ToLowerInvariant();
                if (type.Kind == IrKind.Bool)
                    Line($"{name}.pred {NewResult(instruction)}, {Register(operands[0])}, {Register(operands[1])};");
                else
                    Simple(instruction, $"{name}.{BitType(type)}");
                break;
            case Opcode.Not:
                Line($"not.{BitType(type)} {NewResult(instruction)}, {Register(operands[0])};");
                break;
            case Opcode.Shl or Opcode.ShrS or Opcode.ShrU:
                Shift(instruction);
                break;
            case Opcode.PopCount:
                Line($"popc.{BitType(operands[0].Type)} {NewResult(instruction)}, {Register(operands[0])};");
                break;
            case Opcode.LeadingZeros:
                Line($"clz.{BitType(operands[0].Type)} {NewResult(instruction)}, {Register(operands[0])};");
                break;
            case Opcode.TrailingZeros:
                string reversed = _registers.New(operands[0].Type);
                Line($"brev.{BitType(operands[0].Type)} {reversed}, {Register(operands[0])};");
                Line($"clz.{BitType(operands[0].Type)} {NewResult(instruction)}, {reversed};");
                break;
            case Opcode.Div:
                Simple(instruction, $"div.rn.{FloatType(type)}");
                break;
            case Opcode.Min or Opcode.Max:
                Simple(instruction, $"{(instruction.Opcode == Opcode.Min ? "min" : "max")}.{FloatType(type)}");
                break;
            case Opcode.Fma:
                Simple(instruction, $"fma.rn.{FloatType(type)}");
                break;
            case Opcode.Sqrt:
                Simple(instruction, $"sqrt.rn.{FloatType(type)}");
                break;
            case Opcode.Rsqrt:
                Simple(instruction, "rsqrt.approx.f32");
                break;
            case Opcode.Rcp:
                Simple(instruction, "rcp.approx.f32");
                break;
            case Opcode.Exp2:
                Simple(instruction, "ex2.approx.f32");
                break;
            case Opcode.Log2:
                Simple(instruction, "lg2.approx.f32");
                break;
            case Opcode.Sin:
                Simple(instruction, "sin.approx.f32");
                break;
            case Opcode.Cos:
                Simple(instruction, "cos.approx.f32");
                break;
            case Opcode.Floor:
                Simple(instruction, $"cvt.rmi.{FloatType(type)}.{FloatType(type)}");
                break;
            case Opcode.Ceiling:
                Simple(instruction, $"cvt.rpi.{FloatType(type)}.{FloatType(type)}");
                break;
            case Opcode.Round:
                Simple(instruction, $"cvt.rni.{FloatType(type)}.{FloatType(type)}");
                break;
            case Opcode.Truncate:
                Simple(instruction, $"cvt.rzi.{FloatType(type)}.{FloatType(type)}");
                break;
            case Opcode.CopySign:
                // PTX takes the sign first.
                Line($"copysign.{FloatType(type)} {NewResult(instruction)}, {Register(operands[1])}, {Register(operands[0])};");
                break;
            case Opcode.Compare:
                Compare(instruction);
                break;
            case Opcode.Select:
                Select(instruction);
                break;
            case Opcode.ZeroExtend:
                if (operands[0].Type.Kind == IrKind.Bool)
                    Line($"selp.{UnsignedType(type)} {NewResult(instruction)}, 1, 0, {Register(operands[0])};");
                else
                    Line($"cvt.u64.u32 {NewResult(instruction)}, {Register(operands[0])};");
                break;
            case Opcode.SignExtend:
                Line($"cvt.s64.s32 {NewResult(instruction)}, {Register(operands[0])};");
                break;
            case Opcode.Truncate64:
                Line($"cvt.u32.u64 {NewResult(instruction)}, {Register(operands[0])};");
                break;
            case Opcode.SignExtend8 or Opcode.SignExtend16:
                Line($"cvt.s32.{(instruction.Opcode == Opcode.SignExtend8 ? "s8" : "s16")} {NewResult(instruction)}, {Register(operands[0])};");
                break;
            case Opcode.ZeroExtend8 or Opcode.ZeroExtend16:
                Line($"and.b32 {NewResult(instruction)}, {Register(operands[0])}, {(instruction.Opcode == Opcode.ZeroExtend8 ? 0xFF : 0xFFFF)};");
                break;
            case Opcode.FloatToInt or Opcode.FloatToUInt:
                FloatToInteger(instruction);
                break;
            case Opcode.IntToFloat:
                Line($"cvt.rn.{FloatType(type)}.{SignedType(operands[0].Type)} {NewResult(instruction)}, {Register(operands[0])};");
                break;
            case Opcode.UIntToFloat:
                Line($"cvt.rn.{FloatType(type)}.{UnsignedType(operands[0].Type)} {NewResult(instruction)}, {Register(operands[0])};");
                break;
            case Opcode.FloatConvert:
                Line($"{(type.Kind == IrKind.F32 ? "cvt.rn.f32.f64" : "cvt.f64.f32")} {NewResult(instruction)}, {Register(operands[0])};");
                break;
            case Opcode.Bitcast:
                Line($"mov.{(type.Size == 4 ? "b32" : "b64")} {NewResult(instruction)}, {Register(operands[0])};");
                break;
            case Opcode.HalfToFloat:
                string bits = _registers.NewHalf();
                Line($"cvt.u16.u32 {bits}, {Register(operands[0])};");
                Line($"cvt.f32.f16 {NewResult(instruction)}, {bits};");
                break;
            case Opcode.FloatToHalf:
                string half = _registers.NewHalf();
                Line($"cvt.rn.f16.f32 {half}, {Register(operands[0])};");
                Line($"cvt.u32.u16 {NewResult(instruction)}, {half};");
                break;
            default:
                EmitMemory(instruction);
                break;
        }
    }

    /// <summary>An operation whose operands are all of one type.</summary>
    void Simple(Instruction instruction, string mnemonic)
    {
        string[] operands = [.. instruction.Operands.Select((operand, k) => k == 0 ? Register(operand) : Operand(operand))];
        Line($"{mnemonic} {NewResult(instruction)}, {string.Join(", ", operands)};");
    }

    static string FloatType(IrType type) => type.Kind == IrKind.F32 ? "f32" : "f64";

    static string SignedType(IrType type) => type.Kind == IrKind.I64 ? "s64" : "s32";

    static string UnsignedType(IrType type) => type.Kind == IrKind.I64 ? "u64" : "u32";
}
