using System.Reflection.Metadata;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Frontend;

/// <summary>Conversions between numbers.</summary>
sealed partial class MethodTranslator
{
    bool TryConvert(ILOpCode opCode)
    {
        switch (opCode)
        {
            case ILOpCode.Conv_i1:
                Push(_emit.Unary(Opcode.SignExtend8, IrType.I32, ToInteger(IrType.I32, true)));
                return true;
            case ILOpCode.Conv_u1:
                Push(_emit.Unary(Opcode.ZeroExtend8, IrType.I32, ToInteger(IrType.I32, true)));
                return true;
            case ILOpCode.Conv_i2:
                Push(_emit.Unary(Opcode.SignExtend16, IrType.I32, ToInteger(IrType.I32, true)));
                return true;
            case ILOpCode.Conv_u2:
                Push(_emit.Unary(Opcode.ZeroExtend16, IrType.I32, ToInteger(IrType.I32, true)));
                return true;
            case ILOpCode.Conv_i4 or ILOpCode.Conv_u4:
                Push(ToInteger(IrType.I32, opCode == ILOpCode.Conv_i4));
                return true;
            case ILOpCode.Conv_i8 or ILOpCode.Conv_i or ILOpCode.Conv_ovf_i:
                Push(ToInteger(IrType.I64, true));
                return true;
            case ILOpCode.Conv_u8 or ILOpCode.Conv_u or ILOpCode.Conv_ovf_u or ILOpCode.Conv_ovf_i_un or ILOpCode.Conv_ovf_u_un:
                Push(ToInteger(IrType.I64, false));
                return true;
            case ILOpCode.Conv_r4 or ILOpCode.Conv_r8:
                Push(ToFloat(opCode == ILOpCode.Conv_r4 ? IrType.F32 : IrType.F64));
                return true;
            case ILOpCode.Conv_r_un:
                // conv.r.un with conv.r4 after it is one conversion to float, rounded once; by itself it gives a double.
                Value integer = PopValue();
                _unsigned = (integer, _instruction.NextOffset);
                Push(_emit.Unary(Opcode.UIntToFloat, IrType.F64, integer));
                return true;
            default:
                return false;
        }
    }

    Value ToInteger(IrType to, bool signed)
    {
        Value value = PopValue();
        if (value.Type.IsFloat)
            return _emit.Unary(signed ? Opcode.FloatToInt : Opcode.FloatToUInt, to, value);
        if (value.Type.IsPointer)
            value = _emit.Unary(Opcode.PointerToInt, IrType.I64, value);
        if (value.Type.Kind == IrKind.Bool)
            value = _emit.ToInt(value);
        if (value.Type.Kind == to.Kind)
            return value;
        return to.Kind == IrKind.I32
            ? _emit.Unary(Opcode.Truncate64, IrType.I32, value)
            : _emit.Unary(signed ? Opcode.SignExtend : Opcode.ZeroExtend, IrType.I64, value);
    }

    Value ToFloat(IrType to)
    {
        Value value = PopValue();
        if (value.Type.IsInteger)
            return _emit.Unary(Opcode.IntToFloat, to, value);
        if (to.Kind == IrKind.F32 && _unsigned.Integer is { } integer && _unsigned.NextOffset == _instruction.Offset)
            return _emit.Unary(Opcode.UIntToFloat, IrType.F32, integer);
        return value.Type.Kind == to.Kind ? value : _emit.Unary(Opcode.FloatConvert, to, value);
    }
}
