using ILGPU;
using IlgpuDca.Ilgpu.Extensions;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>The barriers between what fetches and the warpgroups that multiply: one pair for queries, a ring each for keys and values.</summary>
readonly struct AttentionBarriers(ArrayView<Mbarrier> all)
{
    public const int Stages = 2;
    public const int Count = 2 + 4 * Stages;

    public ref Mbarrier QueriesFull => ref all[0];

    public ref Mbarrier QueriesEmpty => ref all[1];

    public ref Mbarrier KeysFull(int stage) => ref all[2 + stage];

    public ref Mbarrier KeysEmpty(int stage) => ref all[2 + Stages + stage];

    public ref Mbarrier ValuesFull(int stage) => ref all[2 + 2 * Stages + stage];

    public ref Mbarrier ValuesEmpty(int stage) => ref all[2 + 3 * Stages + stage];

    /// <summary>By one thread, before a barrier of the group.</summary>
    /// <param name="producers">Arrivals that fill a page.</param>
    /// <param name="consumers">Arrivals that empty one.</param>
    public void Initialize(int producers, int consumers)
    {
        Mbarrier.Initialize(ref QueriesFull, 1);
        Mbarrier.Initialize(ref QueriesEmpty, consumers);
        for (int stage = 0; stage < Stages; stage++)
        {
            Mbarrier.Initialize(ref KeysFull(stage), producers);
            Mbarrier.Initialize(ref KeysEmpty(stage), consumers);
            Mbarrier.Initialize(ref ValuesFull(stage), producers);
            Mbarrier.Initialize(ref ValuesEmpty(stage), consumers);
        }
        Mbarrier.FenceInitialization();
    }
}
