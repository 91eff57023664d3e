using ILGPU;
using static IlgpuDca.Verification.Conformance.Elementwise;

namespace IlgpuDca.Verification.Conformance;

/// <summary>64-bit integers.</summary>
static class LongKernels
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        Binary<long, long, long>("long add and multiply", (i, a, b, r) => r[i] = (a[i] + b[i]) * b[i] - a[i]),
        Unary<long, long>("long negate and complement", (i, a, r) => r[i] = -a[i] ^ ~(a[i] * 3)),
        Binary<long, int, long>("long shift left, amount masked", (i, a, b, r) => r[i] = a[i] << b[i]),
        Binary<long, int, long>("long shift right, amount masked", (i, a, b, r) => r[i] = a[i] >> b[i]),
        Binary<long, int, long>("long unsigned shift right, amount masked", (i, a, b, r) => r[i] = a[i] >>> b[i]),
        Binary<ulong, int, ulong>("ulong shift right, amount masked", (i, a, b, r) => r[i] = a[i] >> b[i]),
        Binary<long, long, long>("long divide, edges", (i, a, b, r) => r[i] = a[i] / b[i],
            (a, b) => b == 0 ? -1 : b == -1 ? unchecked(-a) : a / b),
        Binary<long, long, long>("long remainder, edges", (i, a, b, r) => r[i] = a[i] % b[i],
            (a, b) => b == 0 ? a : b == -1 ? 0 : a % b),
        Unary<long, long>("long divide by 1 << 40", (i, a, r) => r[i] = a[i] / (1L << 40)),
        Unary<long, long>("long remainder by 64", (i, a, r) => r[i] = a[i] % 64),
        Binary<ulong, ulong, ulong>("ulong divide, edges", (i, a, b, r) => r[i] = a[i] / b[i], (a, b) => b == 0 ? ~0ul : a / b),
        Binary<ulong, ulong, ulong>("ulong remainder, edges", (i, a, b, r) => r[i] = a[i] % b[i], (a, b) => b == 0 ? a : a % b),
        Unary<ulong, ulong>("ulong divide by 16", (i, a, r) => r[i] = a[i] / 16),
        Binary<int, int, long>("int to long product", (i, a, b, r) => r[i] = (long)a[i] * b[i]),
        Unary<int, long>("int times a wide constant", (i, a, r) => r[i] = a[i] * 12L + (long)a[i] * 4),
        Unary<uint, ulong>("uint times a wide constant", (i, a, r) => r[i] = a[i] * 12ul + ((ulong)a[i] << 4)),
        Binary<long, long, long>("long min and max", (i, a, b, r) => r[i] = Math.Min(a[i], b[i]) ^ Math.Max(a[i], b[i])),
        Binary<ulong, ulong, ulong>("ulong min and max", (i, a, b, r) => r[i] = Math.Min(a[i], b[i]) ^ Math.Max(a[i], b[i])),
        Unary<ulong, int>("ulong bit counts", (i, a, r) => r[i] = IntrinsicMath.BitOperations.PopCount(a[i])
            + 100 * IntrinsicMath.BitOperations.LeadingZeroCount(a[i]) + 10_000 * IntrinsicMath.BitOperations.TrailingZeroCount(a[i])),
    ];
}
