using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Ilgpu.Extensions;

namespace IlgpuDca.Verification.Conformance.Hopper;

/// <summary>
/// One warp fetches tiles into a ring of stages, two warpgroups of consumers take them in turn and give the stages back: phases of
/// mbarriers over many rounds, named barriers of a part of the group, registers that change hands.
/// </summary>
static class PipelineKernels
{
    const int Stages = 3, Warpgroup = 128, Consumers = 2, Threads = Consumers * Warpgroup + 128, Tile = 256, Tiles = 23, Groups = 2;
    const int TileBytes = Tile * sizeof(float);

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        HopperCase.Of("a ring of stages, two consumers", Kernel, RunRing),
        HopperCase.Of("named barriers as a relay", Relay, RunRelay),
    ];

    static void RunRing(Accelerator accelerator)
    {
        Random random = new(5);
        float[] source = [.. Enumerable.Range(0, Groups * Tiles * Tile).Select(_ => (float)random.Next(-1000, 1000))];
        using var tiles = accelerator.Allocate1D(source);
        using var sums = accelerator.Allocate1D<float>(Groups * Consumers * Tile);
        TensorMap map = TensorMap.Create<float>(accelerator, tiles.View, [Tile, Groups * Tiles], [Tile], [Tile, 1], SharedSwizzle.None);
        accelerator.LoadStreamKernel<TensorMap, ArrayView<float>>(Kernel)(
            new KernelConfig(Groups, Threads, SharedMemoryConfig.RequestDynamic<float>((Stages + Consumers) * Tile)), map, sums.View);
        accelerator.Synchronize();
        float[] expected = new float[Groups * Consumers * Tile];
        for (int k = 0; k < source.Length; k++)
        {
            (int tile, int element) = (k / Tile % Tiles, k % Tile);
            // Consumers leave the sum of both in reverse order.
            expected[(k / Tile / Tiles * Consumers + tile % Consumers) * Tile + Tile - 1 - element] += source[k];
        }
        Comparer.Same("a ring of stages, two consumers", expected, sums.GetAsArray1D(), k => $"element {k}");
    }

    static void Kernel(TensorMap map, ArrayView<float> sums)
    {
        ArrayView<float> stages = SharedMemory.GetDynamic<float>();
        ArrayView<Mbarrier> full = SharedMemory.Allocate<Mbarrier>(Stages), empty = SharedMemory.Allocate<Mbarrier>(Stages);
        if (Group.IdxX == 0)
        {
            for (int stage = 0; stage < Stages; stage++)
            {
                Mbarrier.Initialize(ref full[stage], 1);
                Mbarrier.Initialize(ref empty[stage], Warpgroup);
            }
            Mbarrier.FenceInitialization();
        }
        Group.Barrier();
        int warpgroup = Group.IdxX / Warpgroup;
        if (warpgroup == Consumers)
        {
            Wgmma.DecreaseRegisters(40);
            if (Group.IdxX == Consumers * Warpgroup)
                Fetch(map, stages, full, empty);
        }
        else
        {
            Wgmma.IncreaseRegisters(208);
            Consume(stages, full, empty, sums, warpgroup);
        }
    }

    static void Fetch(TensorMap map, ArrayView<float> stages, ArrayView<Mbarrier> full, ArrayView<Mbarrier> empty)
    {
        for (int tile = 0; tile < Tiles; tile++)
        {
            int stage = tile % Stages;
            Mbarrier.Wait(ref empty[stage], tile / Stages & 1 ^ 1);
            Mbarrier.ArriveExpect(ref full[stage], TileBytes);
            Tma.Load(ref stages[stage * Tile], map, ref full[stage], 0, Grid.IdxX * Tiles + tile);
        }
    }

    static void Consume(
        ArrayView<float> stages, ArrayView<Mbarrier> full, ArrayView<Mbarrier> empty, ArrayView<float> sums, int consumer)
    {
        int thread = Group.IdxX % Warpgroup;
        float low = 0, high = 0;
        for (int tile = consumer; tile < Tiles; tile += Consumers)
        {
            int stage = tile % Stages;
            Mbarrier.Wait(ref full[stage], tile / Stages & 1);
            low += stages[stage * Tile + thread];
            high += stages[stage * Tile + Warpgroup + thread];
            Mbarrier.Arrive(ref empty[stage]);
        }
        ArrayView<float> own = stages.SubView(Stages * Tile + consumer * Tile, Tile);
        own[thread] = low;
        own[Warpgroup + thread] = high;
        NamedBarrier.Sync(1 + consumer, Warpgroup);
        for (int k = thread; k < Tile; k += Warpgroup)
            sums[(Grid.IdxX * Consumers + consumer) * Tile + k] = own[Tile - 1 - k];
    }

    static void RunRelay(Accelerator accelerator)
    {
        using var results = accelerator.Allocate1D<int>(Warpgroup);
        accelerator.LoadStreamKernel<ArrayView<int>>(Relay)(new KernelConfig(1, Warpgroup), results.View);
        accelerator.Synchronize();
        // Warp 0 writes its square, each next one the sum of it and what the one before left, five rounds long.
        int[] expected = new int[Warpgroup], left = new int[32];
        for (int round = 0; round < 5; round++)
            for (int k = 0; k < Warpgroup; k++)
                expected[k] = left[k % 32] = k < 32 ? k * k + round + left[k] : k + left[k % 32];
        Comparer.Same("named barriers as a relay", expected, results.GetAsArray1D(), k => $"thread {k}");
    }

    /// <summary>The barrier 1 + w lets warp w go; barrier 5 ends a round. Whoever passes the baton on does not wait.</summary>
    static void Relay(ArrayView<int> results)
    {
        ArrayView<int> baton = SharedMemory.Allocate<int>(32);
        int warp = Group.IdxX / 32, lane = Group.IdxX % 32;
        if (warp == 0)
            baton[lane] = 0;
        for (int round = 0; round < 5; round++)
        {
            if (warp > 0)
                NamedBarrier.Sync(1 + warp, 64);
            int value = warp == 0 ? lane * lane + round + baton[lane] : Group.IdxX + baton[lane];
            baton[lane] = value;
            results[Group.IdxX] = value;
            if (warp < 3)
                NamedBarrier.Arrive(2 + warp, 64);
            NamedBarrier.Sync(6, Warpgroup);
        }
    }
}
