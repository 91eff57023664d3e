using ILGPU;

namespace IlgpuDca.Kernels;

/// <summary>Running sums over a one-dimensional group of whole warps, at most 32. Every thread must take part.</summary>
static class GroupScan
{
    const int MaxWarps = 32;

    /// <summary>The sum of the values of all threads before this one.</summary>
    /// <param name="value">This thread's.</param>
    /// <param name="total">The sum over the group.</param>
    public static ulong Before(ulong value, out ulong total)
    {
        ArrayView<ulong> warps = SharedMemory.Allocate<ulong>(MaxWarps);
        int lane = Group.IdxX & 31, warp = Group.IdxX >> 5;
        ulong sum = value;
        for (int distance = 1; distance < 32; distance <<= 1)
        {
            ulong other = Warp.ShuffleUp(sum, distance);
            sum += lane >= distance ? other : 0UL;
        }
        if (lane == 31)
            warps[warp] = sum;
        Group.Barrier();
        ulong before = 0, all = 0;
        for (int w = 0; w < Group.DimX >> 5; w++)
        {
            before += w < warp ? warps[w] : 0UL;
            all += warps[w];
        }
        Group.Barrier();
        total = all;
        return before + sum - value;
    }
}
