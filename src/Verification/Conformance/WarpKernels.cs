using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Algorithms.ScanReduceOperations;
using ILGPU.Runtime;

namespace IlgpuDca.Verification.Conformance;

/// <summary>Warps: lanes, shuffles of every mode, width and type, reductions.</summary>
static class WarpKernels
{
    static readonly KernelConfig TwoWarps = new(1, 64);

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        Grouped.Kernel<int>("lane and warp index", TwoWarps, r => r[Group.IdxX] = Warp.LaneIdx + 100 * Warp.WarpIdx
            + 1000 * Warp.WarpSize + (Warp.IsFirstLane ? 7 : 0) + (Warp.IsLastLane ? 9 : 0), 64,
            k => k % 32 + k / 32 * 100 + 32_000 + (k % 32 == 0 ? 7 : 0) + (k % 32 == 31 ? 9 : 0)),
        Grouped.Kernel<int>("shuffle", TwoWarps, r => r[Group.IdxX] = Warp.Shuffle(Group.IdxX, (Warp.LaneIdx * 5 + 3) & 31), 64,
            k => (k & 32) + (k % 32 * 5 + 3) % 32),
        Grouped.Kernel<int>("shuffle up", TwoWarps, r => r[Group.IdxX] = Warp.ShuffleUp(Group.IdxX, 3), 64,
            k => k % 32 < 3 ? k : k - 3),
        Grouped.Kernel<int>("shuffle down", TwoWarps, r => r[Group.IdxX] = Warp.ShuffleDown(Group.IdxX, 5), 64,
            k => k % 32 > 26 ? k : k + 5),
        Grouped.Kernel<int>("shuffle xor", TwoWarps, r => r[Group.IdxX] = Warp.ShuffleXor(Group.IdxX, 21), 64, k => k ^ 21),
        Grouped.Kernel<int>("shuffle in segments of 8", TwoWarps, r => r[Group.IdxX] = Warp.Shuffle(Group.IdxX, 2, 8), 64,
            k => (k & ~7) + 2),
        Grouped.Kernel<int>("shuffle up in segments of 16", TwoWarps, r => r[Group.IdxX] = Warp.ShuffleUp(Group.IdxX, 1, 16), 64,
            k => k % 16 == 0 ? k : k - 1),
        Grouped.Kernel<int>("shuffle down in segments of 4", TwoWarps, r => r[Group.IdxX] = Warp.ShuffleDown(Group.IdxX, 1, 4), 64,
            k => k % 4 == 3 ? k : k + 1),
        Grouped.Kernel<int>("shuffle xor in segments of 8", TwoWarps, r => r[Group.IdxX] = Warp.ShuffleXor(Group.IdxX, 3, 8), 64,
            k => k ^ 3),
        Grouped.Kernel<int, int>("shuffle, width known at run time", TwoWarps,
            (r, width) => r[Group.IdxX] = Warp.ShuffleDown(Group.IdxX, 2, width), 8, 64, k => k % 8 > 5 ? k : k + 2),
        Grouped.Kernel<float>("shuffle of floats", TwoWarps, r => r[Group.IdxX] = Warp.ShuffleXor(Group.IdxX * 0.5f, 1), 64,
            k => (k ^ 1) * 0.5f),
        Grouped.Kernel<long>("shuffle of longs", TwoWarps, r => r[Group.IdxX] = Warp.ShuffleXor(Group.IdxX * 0x1_0000_0001L, 2), 64,
            k => (k ^ 2) * 0x1_0000_0001L),
        Grouped.Kernel<double>("shuffle of doubles", TwoWarps, r => r[Group.IdxX] = Warp.ShuffleXor(Group.IdxX + 0.25, 4), 64,
            k => (k ^ 4) + 0.25),
        Grouped.Kernel<int>("shuffle of a struct", TwoWarps, ShuffleStruct, 64, k => (k ^ 1) * 3 - (k ^ 1)),
        Grouped.Kernel<int>("warp broadcast", TwoWarps, r => r[Group.IdxX] = Warp.Broadcast(Group.IdxX * 2, 9), 64,
            k => ((k & 32) + 9) * 2),
        Grouped.Kernel<int>("warp barrier", TwoWarps, ExchangeInWarp, 64, k => k ^ 31),
        Grouped.Kernel<int>("warp sum by halving", TwoWarps, HalvingSum, 64, k => k < 32 ? 31 * 16 : 31 * 16 + 32 * 32),
        Grouped.Kernel<int>("warp reduce of the API", TwoWarps,
            r => r[Group.IdxX] = WarpExtensions.AllReduce<int, AddInt32>(Group.IdxX), 64, k => k < 32 ? 31 * 16 : 31 * 16 + 32 * 32),
        Grouped.Kernel<int>("group reduce of the API", TwoWarps,
            r => r[Group.IdxX] = GroupExtensions.AllReduce<int, MaxInt32>(Group.IdxX * 7 % 61), 64,
            _ => Enumerable.Range(0, 64).Max(x => x * 7 % 61)),
        Grouped.Kernel<int>("warp scan of the API", TwoWarps,
            r => r[Group.IdxX] = WarpExtensions.InclusiveScan<int, AddInt32>(Warp.LaneIdx), 64, k => k % 32 * (k % 32 + 1) / 2),
    ];

    static void ShuffleStruct(ArrayView<int> r)
    {
        StructKernels.Pair pair = new() { First = Group.IdxX * 3, Second = Group.IdxX };
        StructKernels.Pair other = Warp.ShuffleXor(pair, 1);
        r[Group.IdxX] = other.First - other.Second;
    }

    static void ExchangeInWarp(ArrayView<int> r)
    {
        ArrayView<int> shared = SharedMemory.Allocate<int>(64);
        shared[Group.IdxX] = Group.IdxX;
        Warp.Barrier();
        r[Group.IdxX] = shared[Group.IdxX ^ 31];
    }

    static void HalvingSum(ArrayView<int> r)
    {
        int sum = Group.IdxX;
        for (int offset = 16; offset > 0; offset >>= 1)
            sum += Warp.ShuffleXor(sum, offset);
        r[Group.IdxX] = sum;
    }
}
