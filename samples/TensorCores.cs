using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Ilgpu.Extensions;

namespace IlgpuDca.Samples;

/// <summary>
/// Hopper's tensor cores in 60 lines: c = a · bᵀ in bfloat16 with float32 sums. The copy engine (TMA) fetches tiles into a ring of stages in
/// shared memory while a warpgroup multiplies those that have come (wgmma). Runs on compute capability 9.0, and on the CPU.
/// </summary>
/// <remarks>Shapes: a [rows, depth], b [columns, depth] as bits of bfloat16, c [rows, columns]; multiples of 64, 128 and 64.</remarks>
public static class TensorCores
{
    const int TileRows = 64, TileColumns = 128, TileDepth = 64, Stages = 4, Threads = 128;
    const int StageElements = (TileRows + TileColumns) * TileDepth, StageBytes = StageElements * sizeof(ushort);

    /// <summary>Bytes of a tile's row, which is a row of the swizzle, and of 8 of them; wgmma takes 16 elements along k.</summary>
    const int RowBytes = TileDepth * sizeof(ushort), BlockBytes = 8 * RowBytes, StepElements = 16, StepBytes = StepElements * sizeof(ushort);

    public static void Run(Accelerator accelerator, TextWriter output)
    {
        const int Rows = 128, Columns = 256, Depth = 320;
        Random random = new(1);
        ushort[] Bits(int count) => [.. Enumerable.Range(0, count).Select(_ => (ushort)(BitConverter.SingleToUInt32Bits(random.NextSingle() - 0.5f) >> 16))];
        (ushort[] a, ushort[] b) = (Bits(Rows * Depth), Bits(Columns * Depth));
        using MemoryBuffer1D<ushort, Stride1D.Dense> deviceA = accelerator.Allocate1D(a), deviceB = accelerator.Allocate1D(b);
        using MemoryBuffer1D<float, Stride1D.Dense> c = accelerator.Allocate1D<float>(Rows * Columns);

        // What the copy engine knows of a matrix: extents and distances, the box that it copies, and how that is permuted.
        TensorMap mapA = TensorMap.Create<ushort>(accelerator, deviceA.View, [Depth, Rows], [Depth], [TileDepth, TileRows], SharedSwizzle.Bytes128);
        TensorMap mapB = TensorMap.Create<ushort>(accelerator, deviceB.View, [Depth, Columns], [Depth], [TileDepth, TileColumns], SharedSwizzle.Bytes128);
        Action<KernelConfig, TensorMap, TensorMap, ArrayView<float>, int, int> product =
            accelerator.LoadStreamKernel<TensorMap, TensorMap, ArrayView<float>, int, int>(Kernel);
        product(new KernelConfig((Columns / TileColumns, Rows / TileRows, 1), (Threads, 1, 1), SharedMemoryConfig.RequestDynamic<byte>(Stages * StageBytes)),
            mapA, mapB, c.View, Columns, Depth);
        accelerator.Synchronize();

        static double Number(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);
        float[] result = c.GetAsArray1D();
        double largest = 0;
        for (int k = 0; k < result.Length; k++)
            largest = Math.Max(largest, Math.Abs(result[k] - Enumerable.Range(0, Depth).Sum(i => Number(a[k / Columns * Depth + i]) * Number(b[k % Columns * Depth + i]))));
        output.WriteLine($"{Rows} x {Columns} x {Depth}, largest error {largest:g3}");
    }

    static void Kernel(TensorMap a, TensorMap b, ArrayView<float> c, int columns, int depth)
    {
        ArrayView<ushort> shared = SharedMemory.GetDynamic<ushort>();
        ArrayView<Mbarrier> full = SharedMemory.Allocate<Mbarrier>(Stages);
        int steps = depth / TileDepth;
        if (Group.IdxX == 0)
        {
            for (int stage = 0; stage < Stages; stage++)
                Mbarrier.Initialize(ref full[stage], 1);
            Mbarrier.FenceInitialization();
        }
        Group.Barrier();
        if (Group.IdxX == 0)
            for (int step = 0; step < Stages && step < steps; step++)
                Fetch(a, b, shared, full, step);

        // Local memory at constant places: registers.
        ArrayView<float> sums = LocalMemory.Allocate<float>(TileColumns / 2);
        for (int step = 0; step < steps; step++)
        {
            int stage = step % Stages;
            Mbarrier.Wait(ref full[stage], step / Stages & 1);
            SharedMatrix tileA = SharedMatrix.Of(ref shared[stage * StageElements], 0, BlockBytes, SharedSwizzle.Bytes128);
            SharedMatrix tileB = SharedMatrix.Of(ref shared[stage * StageElements + TileRows * TileDepth], 0, BlockBytes, SharedSwizzle.Bytes128);
            Wgmma.Fence();
            for (int k = 0; k < TileDepth / StepElements; k++)
                Wgmma.MultiplyAdd(sums, tileA.Advance(k * StepBytes), tileB.Advance(k * StepBytes), accumulate: step + k);
            Wgmma.Commit();
            Wgmma.Wait(0);
            // The stage is free once all four warps have multiplied.
            Group.Barrier();
            if (Group.IdxX == 0 && step + Stages < steps)
                Fetch(a, b, shared, full, step + Stages);
        }

        // Where a thread's sums belong: the remarks of Wgmma.
        int warp = Group.IdxX / 32, g = Group.IdxX % 32 / 4, t = Group.IdxX % 4;
        for (int j = 0; j < TileColumns / 8; j++)
            for (int h = 0; h < 2; h++)
                for (int e = 0; e < 2; e++)
                    c[(Grid.IdxY * TileRows + 16 * warp + 8 * h + g) * columns + Grid.IdxX * TileColumns + 8 * j + 2 * t + e] = sums[4 * j + 2 * h + e];
    }

    /// <summary>One thread asks for a step's tiles; the barrier opens when all of their bytes have come.</summary>
    static void Fetch(TensorMap a, TensorMap b, ArrayView<ushort> shared, ArrayView<Mbarrier> full, int step)
    {
        int stage = step % Stages;
        Mbarrier.ArriveExpect(ref full[stage], StageBytes);
        Tma.Load(ref shared[stage * StageElements], a, ref full[stage], step * TileDepth, Grid.IdxY * TileRows);
        Tma.Load(ref shared[stage * StageElements + TileRows * TileDepth], b, ref full[stage], step * TileDepth, Grid.IdxX * TileColumns);
    }
}
