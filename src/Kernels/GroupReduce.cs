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
        float sum = 0f;
        for (int w = 0; w < Group.DimX >> 5; w++)
            sum += warps[w];
        Group.Barrier();
        return sum;
    }

    /// <summary>The largest value of the group.</summary>
    public static float Max(float value)
    {
        ArrayView<float> warps = SharedMemory.Allocate<float>(MaxWarps);
        WarpReduce.Max(ref value);
        Share(warps, value);
        float max = warps[0];
        for (int w = 1; w < Group.DimX >> 5; w++)
            max = XMath.Max(max, warps[w]);
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
