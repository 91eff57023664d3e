using ILGPU.Algorithms.ScanReduceOperations;

namespace ILGPU.Algorithms;

/// <summary>
/// Reductions over a group of any size: shuffles inside each warp, then one value of each warp through shared memory,
/// combined in warp order by every thread, so all threads hold the same bits.
/// </summary>
/// <remarks>Two barriers a call: every thread of the group must take part. Shared memory: 32 values.</remarks>
public static class GroupExtensions
{
    /// <summary>Warps of the largest group: 1024 threads.</summary>
    const int MaxWarps = 32;

    /// <summary>The reduction of all threads, valid in thread 0.</summary>
    public static T Reduce<T, TReduction>(T value)
        where T : unmanaged
        where TReduction : struct, IScanReduceOperation<T> =>
        AllReduce<T, TReduction>(value);

    /// <summary>The reduction of all threads, the same in each.</summary>
    public static T AllReduce<T, TReduction>(T value)
        where T : unmanaged
        where TReduction : struct, IScanReduceOperation<T>
    {
        ArrayView<T> warpValues = SharedMemory.Allocate<T>(MaxWarps);
        int threads = Group.DimX * Group.DimY * Group.DimZ;
        int lane = Warp.LaneIdx;
        int warp = Warp.WarpIdx;

        // Lanes past the last thread do not exist: a value shuffled from there is left out.
        int lanes = XMath.Min(threads - warp * Warp.WarpSize, Warp.WarpSize);
        for (int offset = Warp.WarpSize / 2; offset > 0; offset >>= 1)
        {
            T other = Warp.ShuffleDown(value, offset);
            if (lane + offset < lanes)
                value = default(TReduction).Apply(value, other);
        }

        if (lane == 0)
            warpValues[warp] = value;

        Group.Barrier();
        int warps = (threads + Warp.WarpSize - 1) / Warp.WarpSize;
        T result = warpValues[0];
        for (int other = 1; other < warps; other++)
            result = default(TReduction).Apply(result, warpValues[other]);

        // The next call at this place writes the same memory.
        Group.Barrier();
        return result;
    }
}
