using System.Numerics;
using System.Runtime.CompilerServices;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>
/// The operations that IL has no instruction for. A method is named after its opcode; integers are passed as int and
/// long whatever their sign.
/// </summary>
static class DeviceMath
{
    const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)]
    public static int DivS(int a, int b) => b == 0 ? -1 : b == -1 ? -a : a / b;

    [MethodImpl(Inline)]
    public static long DivS(long a, long b) => b == 0 ? -1 : b == -1 ? -a : a / b;

    [MethodImpl(Inline)]
    public static int DivU(int a, int b) => b == 0 ? -1 : (int)((uint)a / (uint)b);

    [MethodImpl(Inline)]
    public static long DivU(long a, long b) => b == 0 ? -1 : (long)((ulong)a / (ulong)b);

    [MethodImpl(Inline)]
    public static int RemS(int a, int b) => b == 0 ? a : b == -1 ? 0 : a % b;

    [MethodImpl(Inline)]
    public static long RemS(long a, long b) => b == 0 ? a : b == -1 ? 0 : a % b;

    [MethodImpl(Inline)]
    public static int RemU(int a, int b) => b == 0 ? a : (int)((uint)a % (uint)b);

    [MethodImpl(Inline)]
    public static long RemU(long a, long b) => b == 0 ? a : (long)((ulong)a % (ulong)b);

    [MethodImpl(Inline)]
    public static int MinS(int a, int b) => Math.Min(a, b);

    [MethodImpl(Inline)]
    public static long MinS(long a, long b) => Math.Min(a, b);

    [MethodImpl(Inline)]
    public static int MinU(int a, int b) => (int)Math.Min((uint)a, (uint)b);

    [MethodImpl(Inline)]
    public static long MinU(long a, long b) => (long)Math.Min((ulong)a, (ulong)b);

    [MethodImpl(Inline)]
    public static int MaxS(int a, int b) => Math.Max(a, b);

    [MethodImpl(Inline)]
    public static long MaxS(long a, long b) => Math.Max(a, b);

    [MethodImpl(Inline)]
    public static int MaxU(int a, int b) => (int)Math.Max((uint)a, (uint)b);

    [MethodImpl(Inline)]
    public static long MaxU(long a, long b) => (long)Math.Max((ulong)a, (ulong)b);

    [MethodImpl(Inline)]
    public static int MulHighU(int a, int b) => (int)(((ulong)(uint)a * (uint)b) >> 32);

    [MethodImpl(Inline)]
    public static long MulHighU(long a, long b) => (long)Math.BigMul((ulong)a, (ulong)b, out _);

    [MethodImpl(Inline)]
    public static int MulHighS(int a, int b) => (int)(((long)a * b) >> 32);

    [MethodImpl(Inline)]
    public static long MulHighS(long a, long b) => Math.BigMul(a, b, out _);

    [MethodImpl(Inline)]
    public static int Abs(int a) => a < 0 ? -a : a;

    [MethodImpl(Inline)]
    public static long Abs(long a) => a < 0 ? -a : a;

    [MethodImpl(Inline)]
    public static int PopCount(int a) => BitOperations.PopCount((uint)a);

    [MethodImpl(Inline)]
    public static long PopCount(long a) => BitOperations.PopCount((ulong)a);

    [MethodImpl(Inline)]
    public static int LeadingZeros(int a) => BitOperations.LeadingZeroCount((uint)a);

    [MethodImpl(Inline)]
    public static long LeadingZeros(long a) => BitOperations.LeadingZeroCount((ulong)a);

    [MethodImpl(Inline)]
    public static int TrailingZeros(int a) => BitOperations.TrailingZeroCount(a);

    [MethodImpl(Inline)]
    public static long TrailingZeros(long a) => BitOperations.TrailingZeroCount(a);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static float Min(float a, float b) => float.MinNumber(a, b);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static double Min(double a, double b) => double.MinNumber(a, b);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static float Max(float a, float b) => float.MaxNumber(a, b);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static double Max(double a, double b) => double.MaxNumber(a, b);

    /// <summary>
    /// Within 1.5 ulp: the root's half ulp doubles at most where the result's ulp is small, and one rounding.
    /// </summary>
    [MethodImpl(Inline)]
    public static float Rsqrt(float a) => 1f / MathF.Sqrt(a);

    [MethodImpl(Inline)]
    public static double Rsqrt(double a) => 1d / Math.Sqrt(a);

    [MethodImpl(Inline)]
    public static float Rcp(float a) => 1f / a;

    [MethodImpl(Inline)]
    public static double Rcp(double a) => 1d / a;

    /// <summary>2^a within 1.2 ulp, denormal results rounded once.</summary>
    public static float Exp2(float a)
    {
        // Outside this range the result is 0 or infinity, and the scaling below makes it so. NaN passes through.
        float x = MathF.Min(MathF.Max(a, -152f), 129f);
        float whole = MathF.Round(x);
        float t = x - whole;
        // ln(2)^k / k!: the next term is below 6e-9 for |t| <= 1/2.
        float p = 1.5252734e-5f;
        p = MathF.FusedMultiplyAdd(p, t, 1.5403530e-4f);
        p = MathF.FusedMultiplyAdd(p, t, 1.3333558e-3f);
        p = MathF.FusedMultiplyAdd(p, t, 9.6181291e-3f);
        p = MathF.FusedMultiplyAdd(p, t, 5.5504109e-2f);
        p = MathF.FusedMultiplyAdd(p, t, 0.24022651f);
        p = MathF.FusedMultiplyAdd(p, t, 0.69314718f);
        p = MathF.FusedMultiplyAdd(p, t, 1f);
        // In two steps, for 2^whole alone may be out of range; only the second can round.
        int exponent = (int)whole;
        int half = exponent >> 1;
        return p * PowerOfTwo(half) * PowerOfTwo(exponent - half);
    }

    public static double Exp2(double a) => Math.Pow(2, a);

    public static float Log2(float a) => MathF.Log2(a);

    public static double Log2(double a) => Math.Log2(a);

    public static float Sin(float a) => MathF.Sin(a);

    public static double Sin(double a) => Math.Sin(a);

    public static float Cos(float a) => MathF.Cos(a);

    public static double Cos(double a) => Math.Cos(a);

    /// <summary>To nearest even in one rounding; a detour over double would round twice.</summary>
    public static float UnsignedToSingle(long a) =>
        a >= 0 ? (float)a : 2f * (float)(long)(((ulong)a >> 1) | ((ulong)a & 1));

    public static double UnsignedToDouble(long a) =>
        a >= 0 ? (double)a : 2d * (double)(long)(((ulong)a >> 1) | ((ulong)a & 1));

    [MethodImpl(Inline)]
    public static float HalfToFloat(int bits) => (float)BitConverter.UInt16BitsToHalf((ushort)bits);

    [MethodImpl(Inline)]
    public static int FloatToHalf(float a) => BitConverter.HalfToUInt16Bits((Half)a);

    [MethodImpl(Inline)]
    static float PowerOfTwo(int exponent) => BitConverter.Int32BitsToSingle((exponent + 127) << 23);
}
