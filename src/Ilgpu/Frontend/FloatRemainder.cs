using System.Numerics;

namespace IlgpuDca.Ilgpu.Frontend;

/// <summary>
/// The remainder of floats, exact as C#'s: PTX has no instruction for it, so kernels get this code in place. The dividend's
/// mantissa is reduced by as many bits at a time as its word has room for.
/// </summary>
static class FloatRemainder
{
    const uint Infinity = 0x7f800000;
    const ulong WideInfinity = 0x7ff0000000000000;

    /// <summary>x - y · trunc(x / y), with the sign of x; NaN for y = 0 and for infinite x.</summary>
    public static float Single(float x, float y)
    {
        const int Bits = 23, Room = 8;
        uint dividend = BitConverter.SingleToUInt32Bits(x) & int.MaxValue, divisor = BitConverter.SingleToUInt32Bits(y) & int.MaxValue;
        uint sign = BitConverter.SingleToUInt32Bits(x) & 0x80000000;
        if (dividend >= Infinity || divisor == 0 || divisor > Infinity)
            return float.NaN;
        if (dividend < divisor)
            return x;
        int distance = Math.Max((int)(dividend >> Bits), 1), exponent = Math.Max((int)(divisor >> Bits), 1);
        distance -= exponent;
        uint rest = dividend >> Bits == 0 ? dividend : (dividend & ((1u << Bits) - 1)) | (1u << Bits);
        uint modulus = divisor >> Bits == 0 ? divisor : (divisor & ((1u << Bits) - 1)) | (1u << Bits);
        while (distance > 0)
        {
            int step = Math.Min(distance, Room);
            rest = (rest % modulus) << step;
            distance -= step;
        }
        rest %= modulus;
        if (rest == 0)
            return BitConverter.UInt32BitsToSingle(sign);
        int shift = Math.Min(BitOperations.LeadingZeroCount(rest) - Room, exponent - 1);
        rest <<= shift;
        if (rest >> Bits != 0)
            rest = (rest & ((1u << Bits) - 1)) | ((uint)(exponent - shift) << Bits);
        return BitConverter.UInt32BitsToSingle(rest | sign);
    }

    /// <inheritdoc cref="Single"/>
    public static double Double(double x, double y)
    {
        const int Bits = 52, Room = 11;
        ulong dividend = BitConverter.DoubleToUInt64Bits(x) & long.MaxValue, divisor = BitConverter.DoubleToUInt64Bits(y) & long.MaxValue;
        ulong sign = BitConverter.DoubleToUInt64Bits(x) & 0x8000000000000000;
        if (dividend >= WideInfinity || divisor == 0 || divisor > WideInfinity)
            return double.NaN;
        if (dividend < divisor)
            return x;
        int distance = Math.Max((int)(dividend >> Bits), 1), exponent = Math.Max((int)(divisor >> Bits), 1);
        distance -= exponent;
        ulong rest = dividend >> Bits == 0 ? dividend : (dividend & ((1ul << Bits) - 1)) | (1ul << Bits);
        ulong modulus = divisor >> Bits == 0 ? divisor : (divisor & ((1ul << Bits) - 1)) | (1ul << Bits);
        while (distance > 0)
        {
            int step = Math.Min(distance, Room);
            rest = (rest % modulus) << step;
            distance -= step;
        }
        rest %= modulus;
        if (rest == 0)
            return BitConverter.UInt64BitsToDouble(sign);
        int shift = Math.Min(BitOperations.LeadingZeroCount(rest) - Room, exponent - 1);
        rest <<= shift;
        if (rest >> Bits != 0)
            rest = (rest & ((1ul << Bits) - 1)) | ((ulong)(exponent - shift) << Bits);
        return BitConverter.UInt64BitsToDouble(rest | sign);
    }
}
