using System.Numerics;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Passes;

/// <summary>
/// Computes pure operations on constants, exactly as both back ends do. Functions that a GPU approximates (Exp2, Rsqrt, Sin, …)
/// are left alone, so that a result never depends on what happened to be constant.
/// </summary>
static class ConstantFolder
{
    /// <summary>The result, or null where the operation isn't folded.</summary>
    public static Constant? Fold(Opcode opcode, IrType type, ReadOnlySpan<Constant> operands, object? payload)
    {
        if (opcode == Opcode.Compare)
            return Constant.Bool(Compare((Comparison)payload!, operands[0], operands[1]));
        if (opcode == Opcode.Select)
            return operands[0].Bits != 0 ? operands[1] : operands[2];
        IrType source = operands.Length > 0 ? operands[0].Type : type;
        ulong? bits = type.Kind switch
        {
            IrKind.Bool => Bool(opcode, operands),
            IrKind.I32 => source.Kind switch
            {
                IrKind.I32 => Int32(opcode, operands),
                IrKind.I64 when opcode is Opcode.PopCount or Opcode.LeadingZeros or Opcode.TrailingZeros => Int64(opcode, operands),
                _ => Convert(opcode, type, operands[0]),
            },
            IrKind.I64 => source.Kind == IrKind.I64 ? Int64(opcode, operands) : Convert(opcode, type, operands[0]),
            IrKind.F32 => source.Kind == IrKind.F32 ? Single(opcode, operands) : Convert(opcode, type, operands[0]),
            IrKind.F64 => source.Kind == IrKind.F64 ? Double(opcode, operands) : Convert(opcode, type, operands[0]),
            _ => null,
        };
        return bits is { } known ? new Constant(type, known) : null;
    }

    static ulong? Bool(Opcode opcode, ReadOnlySpan<Constant> operands) => opcode switch
    {
        Opcode.And => operands[0].Bits & operands[1].Bits,
        Opcode.Or => operands[0].Bits | operands[1].Bits,
        Opcode.Xor => operands[0].Bits ^ operands[1].Bits,
        Opcode.Not => operands[0].Bits ^ 1,
        _ => null,
    };

    static ulong? Int32(Opcode opcode, ReadOnlySpan<Constant> operands)
    {
        int a = (int)operands[0].Bits, b = operands.Length > 1 ? (int)operands[1].Bits : 0;
        uint ua = (uint)a, ub = (uint)b;
        int? result = opcode switch
        {
            Opcode.Add => a + b,
            Opcode.Sub => a - b,
            Opcode.Mul => a * b,
            Opcode.Neg => -a,
            Opcode.Abs => a < 0 ? -a : a,
            Opcode.DivS => b == 0 ? -1 : b == -1 ? -a : a / b,
            Opcode.DivU => ub == 0 ? -1 : (int)(ua / ub),
            Opcode.RemS => b == 0 ? a : b == -1 ? 0 : a % b,
            Opcode.RemU => ub == 0 ? a : (int)(ua % ub),
            Opcode.MinS => Math.Min(a, b),
            Opcode.MinU => (int)Math.Min(ua, ub),
            Opcode.MaxS => Math.Max(a, b),
            Opcode.MaxU => (int)Math.Max(ua, ub),
            Opcode.MulHighS => (int)(((long)a * b) >> 32),
            Opcode.MulHighU => (int)(((ulong)ua * ub) >> 32),
            Opcode.And => a & b,
            Opcode.Or => a | b,
            Opcode.Xor => a ^ b,
            Opcode.Not => ~a,
            Opcode.Shl => a << b,
            Opcode.ShrS => a >> b,
            Opcode.ShrU => (int)(ua >> b),
            Opcode.PopCount => BitOperations.PopCount(ua),
            Opcode.LeadingZeros => BitOperations.LeadingZeroCount(ua),
            Opcode.TrailingZeros => BitOperations.TrailingZeroCount(ua),
            Opcode.SignExtend8 => (sbyte)a,
            Opcode.ZeroExtend8 => (byte)a,
            Opcode.SignExtend16 => (short)a,
            Opcode.ZeroExtend16 => (ushort)a,
            _ => null,
        };
        return (uint?)result;
    }

    static ulong? Int64(Opcode opcode, ReadOnlySpan<Constant> operands)
    {
        long a = (long)operands[0].Bits, b = operands.Length > 1 ? (long)operands[1].Bits : 0;
        ulong ua = (ulong)a, ub = (ulong)b;
        int shift = (int)b & 63;
        long? result = opcode switch
        {
            Opcode.Add => a + b,
            Opcode.Sub => a - b,
            Opcode.Mul => a * b,
            Opcode.Neg => -a,
            Opcode.Abs => a < 0 ? -a : a,
            Opcode.DivS => b == 0 ? -1 : b == -1 ? -a : a / b,
            Opcode.DivU => ub == 0 ? -1 : (long)(ua / ub),
            Opcode.RemS => b == 0 ? a : b == -1 ? 0 : a % b,
            Opcode.RemU => ub == 0 ? a : (long)(ua % ub),
            Opcode.MinS => Math.Min(a, b),
            Opcode.MinU => (long)Math.Min(ua, ub),
            Opcode.MaxS => Math.Max(a, b),
            Opcode.MaxU => (long)Math.Max(ua, ub),
            Opcode.MulHighS => Math.BigMul(a, b, out long _),
            Opcode.MulHighU => (long)Math.BigMul(ua, ub, out ulong _),
            Opcode.And => a & b,
            Opcode.Or => a | b,
            Opcode.Xor => a ^ b,
            Opcode.Not => ~a,
            Opcode.Shl => a << shift,
            Opcode.ShrS => a >> shift,
            Opcode.ShrU => (long)(ua >> shift),
            Opcode.PopCount => BitOperations.PopCount(ua),
            Opcode.LeadingZeros => BitOperations.LeadingZeroCount(ua),
            Opcode.TrailingZeros => BitOperations.TrailingZeroCount(ua),
            _ => null,
        };
        return (ulong?)result;
    }

    static ulong? Single(Opcode opcode, ReadOnlySpan<Constant> operands)
    {
        float a = operands[0].AsFloat, b = operands.Length > 1 ? operands[1].AsFloat : 0;
        float? result = opcode switch
        {
            Opcode.Add => a + b,
            Opcode.Sub => a - b,
            Opcode.Mul => a * b,
            Opcode.Div => a / b,
            Opcode.Rem => a % b,
            Opcode.Neg => -a,
            Opcode.Abs => MathF.Abs(a),
            Opcode.Fma => MathF.FusedMultiplyAdd(a, b, operands[2].AsFloat),
            Opcode.Sqrt => MathF.Sqrt(a),
            Opcode.Floor => MathF.Floor(a),
            Opcode.Ceiling => MathF.Ceiling(a),
            Opcode.Round => MathF.Round(a, MidpointRounding.ToEven),
            Opcode.Truncate => MathF.Truncate(a),
            Opcode.CopySign => MathF.CopySign(a, b),
            Opcode.Min => float.MinNumber(a, b),
            Opcode.Max => float.MaxNumber(a, b),
            _ => null,
        };
        return result is { } value ? BitConverter.SingleToUInt32Bits(value) : null;
    }

    static ulong? Double(Opcode opcode, ReadOnlySpan<Constant> operands)
    {
        double a = operands[0].AsDouble, b = operands.Length > 1 ? operands[1].AsDouble : 0;
        double? result = opcode switch
        {
            Opcode.Add => a + b,
            Opcode.Sub => a - b,
            Opcode.Mul => a * b,
            Opcode.Div => a / b,
            Opcode.Rem => a % b,
            Opcode.Neg => -a,
            Opcode.Abs => Math.Abs(a),
            Opcode.Fma => Math.FusedMultiplyAdd(a, b, operands[2].AsDouble),
            Opcode.Sqrt => Math.Sqrt(a),
            Opcode.Floor => Math.Floor(a),
            Opcode.Ceiling => Math.Ceiling(a),
            Opcode.Round => Math.Round(a, MidpointRounding.ToEven),
            Opcode.Truncate => Math.Truncate(a),
            Opcode.CopySign => Math.CopySign(a, b),
            Opcode.Min => double.MinNumber(a, b),
            Opcode.Max => double.MaxNumber(a, b),
            _ => null,
        };
        return result is { } value ? BitConverter.DoubleToUInt64Bits(value) : null;
    }

    static ulong? Convert(Opcode opcode, IrType to, Constant a)
    {
        double number = a.Type.Kind == IrKind.F32 ? a.AsFloat : a.AsDouble;
        bool wide = to.Kind == IrKind.I64;
        return opcode switch
        {
            Opcode.ZeroExtend or Opcode.Bitcast => a.Bits,
            Opcode.SignExtend => (ulong)a.Signed,
            Opcode.Truncate64 => (uint)a.Bits,
            Opcode.FloatToInt => wide ? (ulong)(long)number : (uint)(int)number,
            Opcode.FloatToUInt => wide ? (ulong)number : (uint)number,
            Opcode.IntToFloat => to.Kind == IrKind.F32
                ? BitConverter.SingleToUInt32Bits((float)a.Signed) : BitConverter.DoubleToUInt64Bits((double)a.Signed),
            Opcode.UIntToFloat => to.Kind == IrKind.F32
                ? BitConverter.SingleToUInt32Bits((float)a.Bits) : BitConverter.DoubleToUInt64Bits((double)a.Bits),
            Opcode.FloatConvert => to.Kind == IrKind.F32
                ? BitConverter.SingleToUInt32Bits((float)a.AsDouble) : BitConverter.DoubleToUInt64Bits((double)a.AsFloat),
            Opcode.HalfToFloat => BitConverter.SingleToUInt32Bits((float)BitConverter.UInt16BitsToHalf((ushort)a.Bits)),
            Opcode.FloatToHalf => BitConverter.HalfToUInt16Bits((Half)a.AsFloat),
            _ => null,
        };
    }

    /// <summary>The truth of a comparison of two constants.</summary>
    public static bool Compare(Comparison comparison, Constant x, Constant y)
    {
        if (x.Type.IsFloat)
        {
            double a = x.Type.Kind == IrKind.F32 ? x.AsFloat : x.AsDouble, b = y.Type.Kind == IrKind.F32 ? y.AsFloat : y.AsDouble;
            if (double.IsNaN(a) || double.IsNaN(b))
                return comparison.Predicate == Predicate.NotEqual || comparison.Unordered && comparison.Predicate != Predicate.Equal;
            return Holds(comparison.Predicate, a.CompareTo(b) is var order && a == b ? 0 : order);
        }
        return Holds(comparison.Predicate, comparison.Unsigned ? x.Bits.CompareTo(y.Bits) : x.Signed.CompareTo(y.Signed));
    }

    static bool Holds(Predicate predicate, int order) => predicate switch
    {
        Predicate.Equal => order == 0,
        Predicate.NotEqual => order != 0,
        Predicate.Less => order < 0,
        Predicate.LessOrEqual => order <= 0,
        Predicate.Greater => order > 0,
        _ => order >= 0,
    };
}
