using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>
/// The kernel of <see cref="MatMulHopper"/>: a group of three warpgroups stays on its multiprocessor and takes tile after tile of
/// 128 rows. One thread of the first warpgroup fetches operands into a ring of stages; the other two multiply 64 rows each and hand
/// their sums to the copy engine.
/// </summary>
static class MatMulHopperKernel<TTile, TEpilogue>
    where TTile : struct, IMatMulTile
    where TEpilogue : struct, IMatMulEpilogue
{
    public const int TileRows = 128;
    public const int Depth = 64;
    public const int GroupSize = 384;
    public const int BoxRows = 64;
    const int Consumers = 2;
    const int Warpgroup = 128;

    /// <summary>Bytes of a row of a stage: one swizzle pattern.</summary>
    const int RowBytes = 128;
    const int BoxBytes = BoxRows * RowBytes;
    const int BytesOfA = TileRows * RowBytes;

    /// <summary>Steps along k of one multiplication (16 elements) in a stage, and their bytes.</summary>
    const int Multiplications = 4, MultiplicationBytes = 32;

    static int StageBytes => BytesOfA + TTile.Columns * RowBytes;

    public static int SharedBytes => TTile.Stages * StageBytes + Consumers * TTile.Boxes * BoxBytes;

    public static void Kernel(TensorMap a, TensorMap w, TensorMap c, int rowTiles, int columnTiles, int steps)
    {
        ArrayView<byte> shared = SharedMemory.GetDynamic<byte>();
        ArrayView<Mbarrier> full = SharedMemory.Allocate<Mbarrier>(TTile.Stages), empty = SharedMemory.Allocate<Mbarrier>(TTile.Stages);
        if (Group.IdxX == 0)
        {
            for (int stage = 0; stage < TTile.Stages; stage++)
            {
                Mbarrier.Initialize(ref full[stage], 1);
                Mbarrier.Initialize(ref empty[stage], Consumers);
            }
            Mbarrier.FenceInitialization();
        }
        Group.Barrier();
        LaunchOverlap.Begin();

        // The same in all lanes, so that what follows from it is computed once a warp.
        int warpgroup = Warp.Shuffle(Group.IdxX / Warpgroup, 0);
        if (warpgroup == 0)
        {
            Wgmma.DecreaseRegisters(40);
            if (Group.IdxX == 0)
                Fetch(a, w, shared, full, empty, rowTiles, columnTiles, steps);
        }
        else
        {
            Wgmma.IncreaseRegisters(232);
            Consume(c, shared, full, empty, rowTiles, columnTiles, steps, warpgroup - 1);
        }
    }

    static void Fetch(
        TensorMap a, TensorMap w, ArrayView<byte> shared, ArrayView<Mbarrier> full, ArrayView<Mbarrier> empty, int rowTiles, int columnTiles, int steps)
    {
        PipelineState state = default;
        for (int tile = Grid.IdxX; tile < rowTiles * columnTiles; tile += Grid.DimX)
        {
            (int row, int column) = TileOrder.Of(tile, rowTiles, columnTiles);
            for (int step = 0; step < steps; step++)
            {
                Mbarrier.Wait(ref empty[state.Stage], state.Parity ^ 1);
                Mbarrier.ArriveExpect(ref full[state.Stage], StageBytes);
                int start = state.Stage * StageBytes;
                Tma.Load(ref shared[start], a, ref full[state.Stage], step * Depth, row * TileRows);
                Tma.Load(ref shared[start + BytesOfA], w, ref full[state.Stage], step * Depth, column * TTile.Columns);
                state.Advance(TTile.Stages);
            }
        }
    }

    static void Consume(
        TensorMap c, ArrayView<byte> shared, ArrayView<Mbarrier> full, ArrayView<Mbarrier> empty, int rowTiles, int columnTiles, int steps, int consumer)
    {
        ArrayView<float> sums = LocalMemory.Allocate<float>(TTile.Columns / 2);
        ArrayView<byte> boxes = shared.SubView(TTile.Stages * StageBytes + consumer * TTile.Boxes * BoxBytes, TTile.Boxes * BoxBytes);
        PipelineState state = default;
        for (int tile = Grid.IdxX; tile < rowTiles * columnTiles; tile += Grid.DimX)
        {
            (int row, int column) = TileOrder.Of(tile, rowTiles, columnTiles);
            Multiply(sums, shared, full, empty, ref state, steps, consumer);
            Write(sums, boxes, c, column * (TTile.Columns / 8 / TEpilogue.Groups * TEpilogue.BoxColumns), row * TileRows + consumer * BoxRows, consumer);
        }
        if (Group.IdxX % Warpgroup == 0)
            Tma.Wait(0);
    }

    /// <summary>One tile's sums; the stages are given back as soon as the multiplications that read them are done.</summary>
    static void Multiply(
        ArrayView<float> sums, ArrayView<byte> shared, ArrayView<Mbarrier> full, ArrayView<Mbarrier> empty, ref PipelineState state, int steps, int consumer)
    {
        SharedMatrix rows = SharedMatrix.Of(ref shared[consumer * BoxBytes], 16, 8 * RowBytes, SharedSwizzle.Bytes128);
        SharedMatrix columns = SharedMatrix.Of(ref shared[BytesOfA], 16, 8 * RowBytes, SharedSwizzle.Bytes128);
        bool releases = Group.IdxX % Warpgroup == 0;
        int read = 0;
        for (int step = 0; step < steps; step++)
        {
            Mbarrier.Wait(ref full[state.Stage], state.Parity);
            SharedMatrix a = rows.Advance(state.Stage * StageBytes), b = columns.Advance(state.Stage * StageBytes);
            Wgmma.Fence();
            for (int k = 0; k < Multiplications; k++)
                Wgmma.MultiplyAdd(sums, a.Advance(k * MultiplicationBytes), b.Advance(k * MultiplicationBytes), k > 0 ? 1 : step);
            Wgmma.Commit();
            Wgmma.Wait(1);
            if (releases && step > 0)
                Mbarrier.Arrive(ref empty[read]);
            read = state.Stage;
            state.Advance(TTile.Stages);
        }
        Wgmma.Wait(0);
        if (releases)
            Mbarrier.Arrive(ref empty[read]);
    }

    /// <summary>Hands a warpgroup's sums to the copy engine, some boxes at a time.</summary>
    static void Write(ArrayView<float> sums, ArrayView<byte> boxes, TensorMap c, int column, int row, int consumer)
    {
        int thread = Group.IdxX % Warpgroup;
        int firstRow = thread / 32 * 16 + Warp.LaneIdx / 4, pair = Warp.LaneIdx % 4;
        int count = TTile.Columns / 8 / TEpilogue.Groups;
        for (int round = 0; round < count; round += TTile.Boxes)
        {
            if (thread == 0)
                Tma.WaitRead(0);
            NamedBarrier.Sync(1 + consumer, Warpgroup);
            for (int box = 0; box < TTile.Boxes; box++)
                if (round + box < count)
                    TEpilogue.Write(sums.SubView((round + box) * TEpilogue.Groups * 4, TEpilogue.Groups * 4),
                        boxes.SubView(box * BoxBytes, BoxBytes).Cast<uint>(), firstRow, pair);
            Tma.Fence();
            NamedBarrier.Sync(1 + consumer, Warpgroup);
            if (thread != 0)
                continue;
            for (int box = 0; box < TTile.Boxes; box++)
                if (round + box < count)
                    OutputBox<TEpilogue>.Send(c, boxes.SubView(box * BoxBytes, BoxBytes), column + (round + box) * TEpilogue.BoxColumns, row);
            Tma.Commit();
        }
    }
}
