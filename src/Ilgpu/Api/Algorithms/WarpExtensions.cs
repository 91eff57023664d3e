using ILGPU.Algorithms.ScanReduceOperations;

namespace ILGPU.Algorithms;

/// <summary>Reductions and scans over the 32 lanes of a full warp.</summary>
public static class WarpExtensions
{
    /// <summary>The reduction of all lanes, valid in lane 0.</summary>
    public static T Reduce<T, TReduction>(T value)
        where T : unmanaged
        where TReduction : struct, IScanReduceOperation<T>
    {
        for (int offset = Warp.WarpSize / 2; offset > 0; offset >>= 1)
            value = default(TReduction).Apply(value, Warp.ShuffleDown(value, offset));

        return value;
    }

    /// <summary>The reduction of all lanes, the same in each.</summary>
    public static T AllReduce<T, TReduction>(T value)
        where T : unmanaged
        where TReduction : struct, IScanReduceOperation<T>
    {
        for (int mask = Warp.WarpSize / 2; mask > 0; mask >>= 1)
            value = default(TReduction).Apply(value, Warp.ShuffleXor(value, mask));

        return value;
    }

    /// <summary>The reduction of this lane and those before it.</summary>
    public static T InclusiveScan<T, TScan>(T value)
        where T : unmanaged
        where TScan : struct, IScanReduceOperation<T>
    {
        for (int offset = 1; offset < Warp.WarpSize; offset <<= 1)
        {
            T before = Warp.ShuffleUp(value, offset);
            if (Warp.LaneIdx >= offset)
                value = default(TScan).Apply(before, value);
        }

        return value;
    }

    /// <summary>The reduction of the lanes before this one; the identity in lane 0.</summary>
    public static T ExclusiveScan<T, TScan>(T value)
        where T : unmanaged
        where TScan : struct, IScanReduceOperation<T>
    {
        T before = Warp.ShuffleUp(InclusiveScan<T, TScan>(value), 1);
        return Warp.LaneIdx == 0 ? default(TScan).Identity : before;
    }
}
