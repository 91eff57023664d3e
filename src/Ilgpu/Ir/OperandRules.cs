namespace IlgpuDca.Ilgpu.Ir;

/// <summary>What each opcode demands of its operands' types.</summary>
static class OperandRules
{
    /// <summary>The broken rule, or null.</summary>
    public static string? Mistake(Instruction instruction)
    {
        IrType type = instruction.Type;
        Value[] operands = instruction.Operands;
        bool Same(params ReadOnlySpan<int> indices)
        {
            foreach (int index in indices)
                if (operands.Length <= index || operands[index].Type != type)
                    return false;
            return true;
        }
        bool Is(int index, IrKind kind) => operands.Length > index && operands[index].Type.Kind == kind;

        bool holds = instruction.Opcode switch
        {
            Opcode.Phi => operands.All(operand => operand.Type.Kind == type.Kind),
            Opcode.Add or Opcode.Sub or Opcode.Mul => (type.IsInteger || type.IsFloat) && Same(0, 1) && operands.Length == 2,
            Opcode.Neg or Opcode.Abs => (type.IsInteger || type.IsFloat) && Same(0) && operands.Length == 1,
            Opcode.DivS or Opcode.DivU or Opcode.RemS or Opcode.RemU or Opcode.MinS or Opcode.MinU or Opcode.MaxS or Opcode.MaxU
                or Opcode.MulHighS or Opcode.MulHighU => type.IsInteger && Same(0, 1),
            Opcode.And or Opcode.Or or Opcode.Xor => (type.IsInteger || type.Kind == IrKind.Bool) && Same(0, 1),
            Opcode.Not => (type.IsInteger || type.Kind == IrKind.Bool) && Same(0),
            Opcode.Shl or Opcode.ShrS or Opcode.ShrU => type.IsInteger && Same(0) && Is(1, IrKind.I32),
            Opcode.PopCount or Opcode.LeadingZeros or Opcode.TrailingZeros => type == IrType.I32 && operands[0].Type.IsInteger,
            Opcode.Div or Opcode.Rem or Opcode.Min or Opcode.Max or Opcode.CopySign => type.IsFloat && Same(0, 1),
            Opcode.Fma => type.IsFloat && Same(0, 1, 2),
            Opcode.Sqrt or Opcode.Floor or Opcode.Ceiling or Opcode.Round or Opcode.Truncate => type.IsFloat && Same(0),
            Opcode.Rsqrt or Opcode.Rcp or Opcode.Exp2 or Opcode.Log2 or Opcode.Sin or Opcode.Cos => type == IrType.F32 && Same(0),
            Opcode.Compare => type == IrType.Bool && operands.Length == 2 && operands[0].Type.Kind == operands[1].Type.Kind
                && operands[0].Type.Kind is not (IrKind.Tuple or IrKind.Void),
            Opcode.Select => Is(0, IrKind.Bool) && operands[1].Type.Kind == type.Kind && operands[2].Type.Kind == type.Kind,
            Opcode.ZeroExtend => Is(0, IrKind.Bool) && type.IsInteger || Is(0, IrKind.I32) && type.Kind == IrKind.I64,
            Opcode.SignExtend => Is(0, IrKind.I32) && type.Kind == IrKind.I64,
            Opcode.Truncate64 => Is(0, IrKind.I64) && type.Kind == IrKind.I32,
            Opcode.SignExtend8 or Opcode.ZeroExtend8 or Opcode.SignExtend16 or Opcode.ZeroExtend16 => type == IrType.I32 && Same(0),
            Opcode.FloatToInt or Opcode.FloatToUInt => type.IsInteger && operands[0].Type.IsFloat,
            Opcode.IntToFloat or Opcode.UIntToFloat => type.IsFloat && operands[0].Type.IsInteger,
            Opcode.FloatConvert => type.IsFloat && operands[0].Type.IsFloat && type != operands[0].Type,
            Opcode.Bitcast => type.Size == operands[0].Type.Size && type.IsFloat != operands[0].Type.IsFloat,
            Opcode.HalfToFloat => type == IrType.F32 && Is(0, IrKind.I32),
            Opcode.FloatToHalf => type == IrType.I32 && Is(0, IrKind.F32),
            Opcode.PointerToInt => type == IrType.I64 && Is(0, IrKind.Pointer),
            Opcode.IntToPointer => type.IsPointer && Is(0, IrKind.I64),
            Opcode.PointerAdd => type.IsPointer && Is(0, IrKind.Pointer) && Is(1, IrKind.I64),
            Opcode.AssumeAligned => type.IsPointer && Is(0, IrKind.Pointer) && instruction.Payload is int,
            Opcode.Alloca => type.IsPointer && instruction.Payload is AllocaInfo info && info.Space == type.Space,
            Opcode.ConstantData => type == IrType.Pointer(AddressSpace.Constant) && instruction.Payload is byte[],
            Opcode.Load => Is(0, IrKind.Pointer) && type.Kind == (instruction.Access.Count > 1 ? IrKind.Tuple : instruction.Access.Type.ValueType().Kind),
            Opcode.Store => Is(0, IrKind.Pointer) && operands.Length == 1 + instruction.Access.Count
                && operands.Skip(1).All(value => value.Type.Kind == instruction.Access.Type.ValueType().Kind),
            Opcode.Atomic => Is(0, IrKind.Pointer) && Same(1) && instruction.Payload is AtomicInfo,
            Opcode.AtomicCompareExchange => Is(0, IrKind.Pointer) && Same(1, 2) && instruction.Payload is AtomicInfo,
            Opcode.Extract => Is(0, IrKind.Tuple) && instruction.Payload is int,
            Opcode.CheckBounds => Is(0, IrKind.I64) && Is(1, IrKind.I64),
            Opcode.SharedAddress => type == IrType.I32 && Is(0, IrKind.Pointer),
            Opcode.Hopper => type == IrType.Void && instruction.Payload is HopperInfo,
            Opcode.Special => type == IrType.I32 && instruction.Payload is SpecialRegister,
            Opcode.BarrierPopCount => type == IrType.I32 && Is(0, IrKind.Bool),
            Opcode.BarrierAnd or Opcode.BarrierOr => type == IrType.Bool && Is(0, IrKind.Bool),
            Opcode.Shuffle => Same(0) && Is(1, IrKind.I32) && Is(2, IrKind.I32) && instruction.Payload is ShuffleMode,
            _ => true,
        };
        return holds ? null : $"wrong operand types ({string.Join(", ", operands.Select(operand => operand.Type))}) for {type}.";
    }
}
