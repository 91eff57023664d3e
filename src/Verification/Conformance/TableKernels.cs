using ILGPU;
using static IlgpuDca.Verification.Conformance.Elementwise;

namespace IlgpuDca.Verification.Conformance;

/// <summary>static readonly numbers, structs and arrays: constants of the kernel.</summary>
static class TableKernels
{
    static readonly int[] Ints = [3, 1, 4, 1, 5, -9, 2, 6];
    static readonly float[] Floats = [0.5f, -1.25f, float.PositiveInfinity, 1e-40f];
    static readonly byte[] Bytes = [0, 127, 128, 255];
    static readonly sbyte[] SBytes = [0, 127, -128, -1];
    static readonly bool[] Flags = [true, false, false, true];
    static readonly long[] Longs = [long.MinValue, 1L << 33];
    static readonly StructKernels.Pair[] Pairs = [new() { First = 1, Second = 2 }, new() { First = -3, Second = 4 }];
    static readonly int Scale = 12;
    static readonly bool Enabled = true;
    static readonly StructKernels.Pair Start = new() { First = 8, Second = 5 };

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        Unary<int, int>("table of ints", (i, a, r) => r[i] = Ints[a[i] & 7]),
        Unary<int, float>("table of floats", (i, a, r) => r[i] = Floats[a[i] & 3]),
        Unary<int, int>("table of bytes", (i, a, r) => r[i] = Bytes[a[i] & 3] - 1),
        Unary<int, int>("table of sbytes", (i, a, r) => r[i] = SBytes[a[i] & 3] - 1),
        Unary<int, int>("table of booleans", (i, a, r) => r[i] = Flags[a[i] & 3] ? 5 : 6),
        Unary<int, long>("table of longs", (i, a, r) => r[i] = Longs[a[i] & 1]),
        Unary<int, int>("table of structs", (i, a, r) => r[i] = Pairs[a[i] & 1].First + Pairs[a[i] & 1].Second * 10),
        Unary<int, int>("table's length", (i, a, r) => r[i] = a[i] + Ints.Length),
        Unary<int, int>("table summed in a loop", SumTable),
        Unary<int, int>("static readonly number", (i, a, r) => r[i] = a[i] * Scale + (Enabled ? 1 : 0)),
        Unary<int, int>("static readonly struct", (i, a, r) => r[i] = a[i] + Start.First - Start.Difference()),
    ];

    static void SumTable(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        int sum = 0;
        for (int k = 0; k < Ints.Length; k++)
            sum += Ints[k] * (a[i] + k);
        r[i] = sum;
    }
}
