using ILGPU;
using static IlgpuDca.Verification.Conformance.Elementwise;

namespace IlgpuDca.Verification.Conformance;

/// <summary>The six relations as values and as branches, with NaN and infinities; conditions that stop early.</summary>
static class ComparisonKernels
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        Binary<int, int, int>("int relations as values", (i, a, b, r) => r[i] = Bits(a[i] < b[i], a[i] <= b[i], a[i] > b[i],
            a[i] >= b[i], a[i] == b[i], a[i] != b[i])),
        Binary<uint, uint, int>("uint relations as values", (i, a, b, r) => r[i] = Bits(a[i] < b[i], a[i] <= b[i], a[i] > b[i],
            a[i] >= b[i], a[i] == b[i], a[i] != b[i])),
        Binary<long, long, int>("long relations as values", (i, a, b, r) => r[i] = Bits(a[i] < b[i], a[i] <= b[i], a[i] > b[i],
            a[i] >= b[i], a[i] == b[i], a[i] != b[i])),
        Binary<ulong, ulong, int>("ulong relations as values", (i, a, b, r) => r[i] = Bits(a[i] < b[i], a[i] <= b[i],
            a[i] > b[i], a[i] >= b[i], a[i] == b[i], a[i] != b[i])),
        Binary<float, float, int>("float relations as values", (i, a, b, r) => r[i] = Bits(a[i] < b[i], a[i] <= b[i],
            a[i] > b[i], a[i] >= b[i], a[i] == b[i], a[i] != b[i])),
        Binary<double, double, int>("double relations as values", (i, a, b, r) => r[i] = Bits(a[i] < b[i], a[i] <= b[i],
            a[i] > b[i], a[i] >= b[i], a[i] == b[i], a[i] != b[i])),
        Binary<float, float, int>("float relations negated", (i, a, b, r) => r[i] = Bits(!(a[i] < b[i]), !(a[i] <= b[i]),
            !(a[i] > b[i]), !(a[i] >= b[i]), !(a[i] == b[i]), !(a[i] != b[i]))),
        Binary<float, float, int>("float relations as branches", FloatBranches),
        Binary<float, float, int>("float relations negated as branches", FloatNegatedBranches),
        Binary<int, int, int>("int relations as branches", IntBranches),
        Binary<uint, uint, int>("uint relations as branches", UintBranches),
        Binary<int, uint, int>("int and uint compared as long", (i, a, b, r) => r[i] = a[i] < b[i] ? 1 : 0),
        Binary<int, int, int>("short-circuit and", (i, a, b, r) => r[i] = a[i] != 0 && b[i] / a[i] > 3 ? 1 : 0,
            (a, b) => a == -1 ? (unchecked(-b) > 3 ? 1 : 0) : a != 0 && b / a > 3 ? 1 : 0),
        Binary<int, int, int>("short-circuit or", (i, a, b, r) => r[i] = a[i] > 5 || b[i] < -5 ? 10 : 20),
        Binary<int, int, int>("short-circuit mixed", (i, a, b, r) =>
            r[i] = (a[i] > 0 && b[i] > 0) || (a[i] < 0 && !(b[i] < 0)) || a[i] == b[i] ? a[i] : b[i]),
        Binary<bool, bool, bool>("short-circuit result stored", (i, a, b, r) => r[i] = a[i] && !b[i] || !a[i] && b[i]),
        Binary<int, int, int>("ternaries nested", (i, a, b, r) => r[i] = a[i] < b[i] ? a[i] < 0 ? 1 : 2 : b[i] < 0 ? 3 : 4),
        Binary<float, float, float>("ternary minimum of floats", (i, a, b, r) => r[i] = a[i] < b[i] ? a[i] : b[i]),
        Unary<uint, int>("uint above zero", (i, a, r) => r[i] = a[i] > 0 ? 1 : 0),
        Unary<int, bool>("a condition as bool", (i, a, r) => r[i] = (a[i] & 4) != 0),
    ];

    static int Bits(bool less, bool lessOrEqual, bool greater, bool greaterOrEqual, bool equal, bool notEqual) =>
        (less ? 1 : 0) | (lessOrEqual ? 2 : 0) | (greater ? 4 : 0) | (greaterOrEqual ? 8 : 0) | (equal ? 16 : 0) | (notEqual ? 32 : 0);

    static void FloatBranches(Index1D i, ArrayView<float> a, ArrayView<float> b, ArrayView<int> r)
    {
        float x = a[i], y = b[i];
        int bits = 0;
        if (x < y)
            bits += 1;
        if (x <= y)
            bits += 2;
        if (x > y)
            bits += 4;
        if (x >= y)
            bits += 8;
        if (x == y)
            bits += 16;
        if (x != y)
            bits += 32;
        r[i] = bits;
    }

    static void FloatNegatedBranches(Index1D i, ArrayView<float> a, ArrayView<float> b, ArrayView<int> r)
    {
        float x = a[i], y = b[i];
        int bits = 0;
        if (!(x < y))
            bits += 1;
        if (!(x <= y))
            bits += 2;
        if (!(x > y))
            bits += 4;
        if (!(x >= y))
            bits += 8;
        if (!(x == y))
            bits += 16;
        if (!(x < y || x >= y))
            bits += 32;
        r[i] = bits;
    }

    static void IntBranches(Index1D i, ArrayView<int> a, ArrayView<int> b, ArrayView<int> r)
    {
        int x = a[i], y = b[i];
        if (x < y)
            r[i] = x <= y ? 1 : -1;
        else if (x > y)
            r[i] = x >= y ? 2 : -2;
        else
            r[i] = x != y ? -3 : 3;
    }

    static void UintBranches(Index1D i, ArrayView<uint> a, ArrayView<uint> b, ArrayView<int> r)
    {
        uint x = a[i], y = b[i];
        if (x < y)
            r[i] = x <= y ? 1 : -1;
        else if (x > y)
            r[i] = x >= y ? 2 : -2;
        else
            r[i] = x != y ? -3 : 3;
    }
}
