using ILGPU;
using ILGPU.Algorithms;
using static IlgpuDca.Verification.Conformance.Elementwise;

namespace IlgpuDca.Verification.Conformance;

/// <summary>Bytes, shorts, chars, booleans: widened by loads, cut by stores and casts.</summary>
static class NarrowIntegerKernels
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        Binary<byte, byte, byte>("byte arithmetic wraps", (i, a, b, r) => r[i] = (byte)(a[i] * b[i] + 200)),
        Binary<sbyte, sbyte, sbyte>("sbyte arithmetic wraps", (i, a, b, r) => r[i] = (sbyte)(a[i] - b[i])),
        Binary<short, short, short>("short arithmetic wraps", (i, a, b, r) => r[i] = (short)(a[i] * b[i])),
        Binary<ushort, ushort, ushort>("ushort arithmetic wraps", (i, a, b, r) => r[i] = (ushort)(a[i] + b[i])),
        Unary<sbyte, int>("sbyte sign extension", (i, a, r) => r[i] = a[i]),
        Unary<byte, int>("byte zero extension", (i, a, r) => r[i] = a[i]),
        Unary<short, long>("short to long", (i, a, r) => r[i] = a[i]),
        Unary<ushort, long>("ushort to long", (i, a, r) => r[i] = a[i]),
        Unary<char, int>("char to int", (i, a, r) => r[i] = a[i] + 'a'),
        Unary<int, sbyte>("int to sbyte", (i, a, r) => r[i] = (sbyte)a[i]),
        Unary<int, byte>("int to byte", (i, a, r) => r[i] = (byte)a[i]),
        Unary<int, short>("int to short", (i, a, r) => r[i] = (short)a[i]),
        Unary<long, ushort>("long to ushort", (i, a, r) => r[i] = (ushort)a[i]),
        Unary<long, int>("narrow casts nested", (i, a, r) => r[i] = (sbyte)(byte)(short)a[i] + (byte)(sbyte)a[i]),
        Unary<int, int>("short local wraps", ShortLocal),
        Unary<byte, int>("byte increments wrap", ByteIncrements),
        Unary<short, int>("short absolute at its edge", (i, a, r) => r[i] = XMath.Abs(a[i])),
        Unary<sbyte, int>("sbyte absolute at its edge", (i, a, r) => r[i] = IntrinsicMath.Abs(a[i])),
        Binary<byte, byte, int>("byte min and max", (i, a, b, r) => r[i] = XMath.Min(a[i], b[i]) - XMath.Max(a[i], b[i])),
        Binary<short, short, int>("short min and max", (i, a, b, r) => r[i] = XMath.Min(a[i], b[i]) - XMath.Max(a[i], b[i])),
        Unary<bool, bool>("bool negate", (i, a, r) => r[i] = !a[i]),
        Binary<bool, bool, int>("bool operators", (i, a, b, r) =>
            r[i] = (a[i] & b[i] ? 1 : 0) + (a[i] | b[i] ? 2 : 0) + (a[i] ^ b[i] ? 4 : 0) + (a[i] == b[i] ? 8 : 0)),
    ];

    static void ShortLocal(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        short x = (short)a[i];
        x += 32767;
        x <<= 1;
        x++;
        r[i] = x;
    }

    static void ByteIncrements(Index1D i, ArrayView<byte> a, ArrayView<int> r)
    {
        byte x = a[i];
        x += 100;
        x--;
        x = (byte)-x;
        x >>= 1;
        r[i] = x;
    }
}
