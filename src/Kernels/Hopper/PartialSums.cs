using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>
/// Sums of a tile whose elements along k are cut into parts: each part's warpgroup writes its own and counts itself in,
/// and the last one adds all up, in their order. Nobody waits.
/// </summary>
/// <param name="sums">[tiles, parts, warpgroups, sums of a thread / 4, threads].</param>
/// <param name="counters">[tiles, warpgroups], zero between launches.</param>
readonly struct PartialSums(ArrayView<Float32x4> sums, ArrayView<int> counters)
{
    public readonly ArrayView<Float32x4> Sums = sums;
    public readonly ArrayView<int> Counters = counters;

    /// <summary>Whether this warpgroup came last; then its sums are the tile's. All its threads call it.</summary>
    /// <param name="own">A thread's sums.</param>
    /// <param name="ticket">The warpgroup's word of shared memory.</param>
    /// <param name="tile">Index of the tile and the warpgroup in it.</param>
    /// <param name="part">This part.</param>
    /// <param name="parts">How many there are.</param>
    /// <param name="thread">In the warpgroup.</param>
    /// <param name="barrier">The warpgroup's named barrier.</param>
    public bool Join(
        ArrayView<float> own, ArrayView<int> ticket, (int Index, int Warpgroup, int Warpgroups) tile, int part,
        int parts, int thread, int barrier)
    {
        const int threads = 128;
        int packs = own.IntLength / 4, counter = tile.Index * tile.Warpgroups + tile.Warpgroup;
        long stride = (long)tile.Warpgroups * packs * threads;
        long start = tile.Index * parts * stride + (long)tile.Warpgroup * packs * threads + thread;
        for (int i = 0; i < packs; i++)
            Sums[start + part * stride + i * threads] =
                new Float32x4(own[4 * i], own[4 * i + 1], own[4 * i + 2], own[4 * i + 3]);
        NamedBarrier.Sync(barrier, threads);
        if (thread == 0)
        {
            // The barriers carry this thread's fences to the others: a fence of each of them would cost a microsecond.
            MemoryFence.DeviceLevel();
            ticket[0] = Atomic.Add(ref Counters[counter], 1);
            MemoryFence.DeviceLevel();
        }
        NamedBarrier.Sync(barrier, threads);
        if (ticket[0] != parts - 1)
            return false;
        if (thread == 0)
            Counters[counter] = 0;
        for (int i = 0; i < 4 * packs; i++)
            own[i] = 0f;
        int other = 0;
        // Two parts' loads under way together.
        for (; other + 1 < parts; other += 2)
            for (int i = 0; i < packs; i++)
            {
                Add(own, i, Sums[start + other * stride + i * threads]);
                Add(own, i, Sums[start + (other + 1) * stride + i * threads]);
            }
        if (other < parts)
            for (int i = 0; i < packs; i++)
                Add(own, i, Sums[start + other * stride + i * threads]);
        return true;
    }

    static void Add(ArrayView<float> own, int pack, Float32x4 added)
    {
        own[4 * pack] += added.A;
        own[4 * pack + 1] += added.B;
        own[4 * pack + 2] += added.C;
        own[4 * pack + 3] += added.D;
    }
}
