using ILGPU;
using static IlgpuDca.Verification.Conformance.Elementwise;

namespace IlgpuDca.Verification.Conformance;

/// <summary>32-bit integers: arithmetic, shifts, division, bits.</summary>
static class IntegerKernels
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        Binary<int, int, int>("int add", (i, a, b, r) => r[i] = a[i] + b[i]),
        Binary<int, int, int>("int subtract", (i, a, b, r) => r[i] = a[i] - b[i]),
        Binary<int, int, int>("int multiply", (i, a, b, r) => r[i] = a[i] * b[i]),
        Binary<int, int, int>("int multiply and add", (i, a, b, r) => r[i] = a[i] * b[i] + a[i]),
        Unary<int, int>("int negate", (i, a, r) => r[i] = -a[i]),
        Unary<int, int>("int complement", (i, a, r) => r[i] = ~a[i]),
        Binary<int, int, int>("int and", (i, a, b, r) => r[i] = a[i] & b[i]),
        Binary<int, int, int>("int or", (i, a, b, r) => r[i] = a[i] | b[i]),
        Binary<int, int, int>("int exclusive or", (i, a, b, r) => r[i] = a[i] ^ b[i]),
        Binary<int, int, int>("int shift left, amount masked", (i, a, b, r) => r[i] = a[i] << b[i]),
        Binary<int, int, int>("int shift right, amount masked", (i, a, b, r) => r[i] = a[i] >> b[i]),
        Binary<int, int, int>("int unsigned shift right, amount masked", (i, a, b, r) => r[i] = a[i] >>> b[i]),
        Unary<int, int>("int shifts by constants", (i, a, r) => r[i] = (a[i] << 3) ^ (a[i] >> 31) ^ (a[i] >>> 17)),
        Binary<int, int, int>("int divide, edges", (i, a, b, r) => r[i] = a[i] / b[i],
            (a, b) => b == 0 ? -1 : b == -1 ? unchecked(-a) : a / b),
        Binary<int, int, int>("int remainder, edges", (i, a, b, r) => r[i] = a[i] % b[i],
            (a, b) => b == 0 ? a : b == -1 ? 0 : a % b),
        Unary<int, int>("int divide by 2", (i, a, r) => r[i] = a[i] / 2),
        Unary<int, int>("int divide by 8", (i, a, r) => r[i] = a[i] / 8),
        Unary<int, int>("int divide by 1 << 30", (i, a, r) => r[i] = a[i] / (1 << 30)),
        Unary<int, int>("int divide by -4", (i, a, r) => r[i] = a[i] / -4),
        Unary<int, int>("int divide by int.MinValue", (i, a, r) => r[i] = a[i] / int.MinValue),
        Unary<int, int>("int divide by 7", (i, a, r) => r[i] = a[i] / 7),
        Unary<int, int>("int remainder by 16", (i, a, r) => r[i] = a[i] % 16),
        Unary<int, int>("int remainder by -3", (i, a, r) => r[i] = a[i] % -3),
        Binary<uint, uint, uint>("uint add and multiply", (i, a, b, r) => r[i] = (a[i] + b[i]) * b[i]),
        Binary<uint, uint, uint>("uint divide, edges", (i, a, b, r) => r[i] = a[i] / b[i], (a, b) => b == 0 ? ~0u : a / b),
        Binary<uint, uint, uint>("uint remainder, edges", (i, a, b, r) => r[i] = a[i] % b[i], (a, b) => b == 0 ? a : a % b),
        Unary<uint, uint>("uint divide by 8", (i, a, r) => r[i] = a[i] / 8),
        Unary<uint, uint>("uint divide by 1 << 31", (i, a, r) => r[i] = a[i] / 0x80000000),
        Unary<uint, uint>("uint remainder by 32", (i, a, r) => r[i] = a[i] % 32),
        Unary<uint, uint>("uint remainder by 10", (i, a, r) => r[i] = a[i] % 10),
        Binary<uint, int, uint>("uint shifts", (i, a, b, r) => r[i] = (a[i] >> b[i]) ^ (a[i] << (b[i] + 1))),
        Unary<uint, uint>("uint rotate", (i, a, r) => r[i] = (a[i] << 13) | (a[i] >> 19)),
        Binary<uint, uint, uint>("uint wide product", (i, a, b, r) => r[i] = (uint)(((ulong)a[i] * b[i]) >> 32)),
        Binary<int, int, int>("int min and max", (i, a, b, r) => r[i] = Math.Min(a[i], b[i]) - Math.Max(a[i], b[i])),
        Binary<uint, uint, uint>("uint min and max", (i, a, b, r) => r[i] = Math.Min(a[i], b[i]) - Math.Max(a[i], b[i])),
        Unary<int, int>("int clamp", (i, a, r) => r[i] = Math.Clamp(a[i], -100, 200)),
        Unary<int, int>("int absolute", (i, a, r) => r[i] = IntrinsicMath.Abs(a[i])),
        Unary<uint, int>("uint population count", (i, a, r) => r[i] = IntrinsicMath.BitOperations.PopCount(a[i])),
        Unary<uint, int>("uint leading zeros", (i, a, r) => r[i] = IntrinsicMath.BitOperations.LeadingZeroCount(a[i])),
        Unary<uint, int>("uint trailing zeros", (i, a, r) => r[i] = IntrinsicMath.BitOperations.TrailingZeroCount(a[i])),
        Unary<int, int>("int compound assignments", CompoundAssignments),
        Unary<int, int>("int increments", Increments),
    ];

    static void CompoundAssignments(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        int x = a[i];
        x += 3;
        x *= 5;
        x -= a[i];
        x ^= 0x1234;
        x <<= 2;
        x |= 1;
        x %= 1000;
        x &= ~4;
        r[i] = x;
    }

    static void Increments(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        int x = a[i];
        int before = x++;
        int after = ++x;
        r[i] = before * 3 + after - x-- + --x;
    }
}
