using ILGPU;
using ILGPU.Algorithms;

namespace IlgpuDca.Kernels;

/// <summary>
/// Sums and maxima over a one-dimensional group of whole warps, at most 32: first in each warp, then over the warps through
/// shared memory. Every thread must take part, and gets the same bits.
/// </summary>
static class GroupReduce
{
    const int MaxWarps = 32;

    /// <summary>The sum of value over the group.</summary>
    public static float Sum(float value)
    {
        ArrayView<float> warps = SharedMemory.Allocate<float>(MaxWarps);
        WarpReduce.Sum(ref value);
        Share(warps, value);
        int lane = Group.IdxX & 31;
        float sum = lane < Group.DimX >> 5 ? warps[lane] : 0f;
        WarpReduce.Sum(ref sum);
        Group.Barrier();
        return sum;
    }

    /// <summary>The largest value of the group.</summary>
    public static float Max(float value)
    {
        ArrayView<float> warps = SharedMemory.Allocate<float>(MaxWarps);
        WarpReduce.Max(ref value);
        Share(warps, value);
        float max = warps[IntrinsicMath.Min(Group.IdxX & 31, (Group.DimX >> 5) - 1)];
        WarpReduce.Max(ref max);
        Group.Barrier();
        return max;
    }

    static void Share(ArrayView<float> warps, float value)
    {
        if ((Group.IdxX & 31) == 0)
            warps[Group.IdxX >> 5] = value;
        Group.Barrier();
    }
}
