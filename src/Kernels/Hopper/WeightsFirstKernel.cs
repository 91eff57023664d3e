using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Ilgpu.Extensions;
using Half = ILGPU.Half;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>
/// The product with the weights as the tensor cores' left operand, cᵀ = w · aᵀ: 128 columns of c and 16 to 256 rows to
/// a tile. Few rows fill a narrow tile, and the left operand may come from registers: quantised weights become bfloat16
/// there, with no trip through memory. 8-bit floats whose inputs are rounded too are multiplied as they are
/// (<see cref="Float8Product"/>).
/// </summary>
/// <remarks>
/// Work: groups of three warpgroups stay on their multiprocessor and take piece after piece. One thread fetches a and w
/// (or its codes) into a ring of stages of 64 elements along k, 128 of 8-bit floats; two warpgroups multiply 64 columns
/// each. Codes are converted while the multiplications of the step before run. Where tiles are few, k is cut into parts.
/// Tiles of up to 64 rows take half a multiprocessor: the next launch's groups are in place, their first weights on their
/// way, while this one ends, and of quantised weights two groups convert side by side.
/// Traffic: a columns / 128 times, mostly from L2; w or its codes rows / tile rows times; sums of parts twice.
/// </remarks>
static class WeightsFirstKernel<TEpilogue>
    where TEpilogue : struct, IMatMulEpilogue
{
    public const int TileColumns = 128;
    public const int GroupSize = 384;
    const int Consumers = 2;
    const int Warpgroup = 128;
    const int ColumnsOfConsumer = 64;

    /// <summary>Elements along k that parts are cut at, and that scales are loaded for together.</summary>
    public const int Span = 128;

    /// <summary>Steps of a span of converted weights: written out, for two sets of fragments are in registers.</summary>
    const int ConvertedSteps = 2;

    /// <summary>Bytes of a row of a and of plain w in a stage: one swizzle pattern.</summary>
    const int RowBytes = 128;

    /// <summary>Bytes of shared memory of a multiprocessor, less what barriers and the driver take.</summary>
    const int SharedLimit = 224 * 1024;

    /// <summary>Most rows of a tile of which two groups fit a multiprocessor.</summary>
    const int LightRows = 64;

    /// <summary>Most rows of a tile that is cut into parts.</summary>
    public const int MostPartRows = 128;

    /// <summary>Multiplications of 16 elements along k in a stage, and their bytes.</summary>
    const int Multiplications = 4, MultiplicationBytes = 32;

    /// <summary>Words of a thread's fragments of a step, and of its codes.</summary>
    const int FragmentWords = 4 * Multiplications;

    /// <summary>Groups that fit a multiprocessor.</summary>
    public static int Resident(int tileRows) => tileRows <= LightRows ? 2 : 1;

    /// <summary>Rows of the output in a box: a tile is a box, or two or more of at least 64 rows.</summary>
    public static int BoxRows(int tileRows) => tileRows <= LightRows ? tileRows : tileRows % 64 == 0 ? 64 : tileRows / 2;

    /// <summary>Columns of the output in a box.</summary>
    public static int BoxColumns => TEpilogue.OutputsAcross / TEpilogue.BoxesAcross;

    static int BoxBytes(int tileRows) => BoxRows(tileRows) * (TEpilogue.Swizzle == SharedSwizzle.Bytes64 ? 64 : 128);

    static int BoxesBytes(int tileRows) => Consumers * TEpilogue.BoxesAcross * BoxBytes(tileRows);

    static int WeightBytes(CodeFormat format) => TileColumns * format.Depth * format.Bits / 8;

    /// <summary>Bytes of a stage's scales of a, which lie behind all stages and boxes.</summary>
    static int ScaleBytes(int tileRows, CodeFormat format) =>
        format.IsFloat8 ? Float8Product.ScalePitch(tileRows) * sizeof(float) : 0;

    static int StageBytes(int tileRows, CodeFormat format) => WeightBytes(format) + tileRows * RowBytes;

    static int Stages(int tileRows, CodeFormat format) => Math.Min(
        StageRing.MostStages, (SharedLimit / Resident(tileRows) - BoxesBytes(tileRows))
            / (StageBytes(tileRows, format) + ScaleBytes(tileRows, format)));

    public static int SharedBytes(int tileRows, CodeFormat format) => BoxesBytes(tileRows)
        + Stages(tileRows, format) * (StageBytes(tileRows, format) + ScaleBytes(tileRows, format));

    public static void Kernel(
        TensorMap a, TensorMap aScales, TensorMap w, TensorMap c, ArrayView<Half> scales, PartialSums partials,
        WeightsFirstSizes sizes, SpecializedValue<int> tileRows, SpecializedValue<int> bits,
        SpecializedValue<int> groupShift, SpecializedValue<int> kind)
    {
        CodeFormat format = new(bits, groupShift, kind);
        StageRing ring = new(SharedMemory.GetDynamic<byte>(), SharedMemory.Allocate<Mbarrier>(2 * StageRing.MostStages),
            Stages(tileRows, format), StageBytes(tileRows, format));
        ArrayView<int> tickets = SharedMemory.Allocate<int>(Consumers);
        if (Group.IdxX == 0)
            ring.Initialize(Consumers * (Warpgroup / 32));
        Group.Barrier();
        LaunchOverlap.AllowNext();

        // The same in all lanes, so that what follows from it is computed once a warp.
        int warpgroup = Warp.Shuffle(Group.IdxX / Warpgroup, 0);
        if (warpgroup == 0)
        {
            Wgmma.DecreaseRegisters(32);
            if (Group.IdxX == 0)
                Fetch(a, aScales, w, ring, sizes, tileRows, format);
        }
        else
        {
            if (tileRows <= LightRows)
                Wgmma.IncreaseRegisters(104);
            else
                Wgmma.IncreaseRegisters(232);
            int consumer = warpgroup - 1;
            Consume(c, scales, partials, ring, tickets.SubView(consumer, 1), sizes, tileRows, format, consumer);
        }
    }

    /// <summary>
    /// Until the kernel before this one is done only weights are fetched; nobody touches what it uses before a is here.
    /// </summary>
    static void Fetch(
        TensorMap a, TensorMap aScales, TensorMap w, StageRing ring, WeightsFirstSizes sizes, int tileRows,
        CodeFormat format)
    {
        int elements = format.Elements(format.Depth), bytes = ring.Bytes + (format.IsFloat8 ? tileRows * sizeof(float) : 0);
        int spanSteps = Span / format.Depth;
        ArrayView<float> rowScales = RowScales(ring, tileRows, format);
        PipelineState state = default;
        int ahead = 0;
        for (int item = Grid.IdxX; item < sizes.Items; item += Grid.DimX)
        {
            (int row, int column) = sizes.Tile(item / sizes.Parts);
            int part = item % sizes.Parts;
            int first = sizes.FirstSpan(part) * spanSteps, end = sizes.FirstSpan(part + 1) * spanSteps;
            if (item == Grid.IdxX)
            {
                ahead = IntrinsicMath.Min(ring.Stages, end - first);
                for (int stage = 0; stage < ahead; stage++)
                    FetchWeights(w, ring, stage, bytes, (first + stage) * elements, column);
                LaunchOverlap.WaitForPrevious();
            }
            for (int step = first; step < end; step++)
            {
                if (ahead > 0)
                {
                    ahead--;
                }
                else
                {
                    ring.WaitEmpty(state);
                    FetchWeights(w, ring, state.Stage, bytes, step * elements, column);
                }
                int start = state.Stage * ring.Bytes + WeightBytes(format);
                Tma.Load(ref ring.Shared[start], a, ref ring.Full(state.Stage), step * format.Depth, row * tileRows);
                if (format.IsFloat8)
                    Tma.Load(ref rowScales[state.Stage * Float8Product.ScalePitch(tileRows)], aScales,
                        ref ring.Full(state.Stage), row * tileRows, step);
                state.Advance(ring.Stages);
            }
        }
    }

    static void FetchWeights(TensorMap w, StageRing ring, int stage, int bytes, int x, int column)
    {
        Mbarrier.ArriveExpect(ref ring.Full(stage), bytes);
        Tma.Load(ref ring.Shared[stage * ring.Bytes], w, ref ring.Full(stage), x, column * TileColumns);
    }

    static void Consume(
        TensorMap c, ArrayView<Half> scales, PartialSums partials, StageRing ring, ArrayView<int> ticket,
        WeightsFirstSizes sizes, int tileRows, CodeFormat format, int consumer)
    {
        ArrayView<float> sums = LocalMemory.Allocate<float>(tileRows / 2);
        int boxBytes = BoxesBytes(tileRows) / Consumers, thread = Group.IdxX % Warpgroup;
        ArrayView<byte> boxes = ring.Shared.SubView(ring.Stages * ring.Bytes + consumer * boxBytes, boxBytes);
        PipelineState state = default;
        for (int item = Grid.IdxX; item < sizes.Items; item += Grid.DimX)
        {
            int tile = item / sizes.Parts, part = item % sizes.Parts;
            int first = sizes.FirstSpan(part), end = sizes.FirstSpan(part + 1);
            (int row, int column) = sizes.Tile(tile);
            if (format.IsPlain)
                Multiply(sums, ring, ref state, (end - first) * (Span / format.Depth), consumer);
            else if (format.IsFloat8)
                new Float8Product(ring, Operand(ring, consumer * ColumnsOfConsumer * RowBytes),
                    Operand(ring, WeightBytes(format)), RowScales(ring, tileRows, format), scales.Cast<float>()).Multiply(
                    sums, ref state, sizes, column * TileColumns + consumer * ColumnsOfConsumer, first, end, tileRows);
            else
                MultiplyQuantized(sums, scales, ring, ref state, sizes, column, first, end, tileRows, format, consumer);
            if (tileRows > MostPartRows || sizes.Parts == 1
                || partials.Join(sums, ticket, (tile, consumer, Consumers), part, sizes.Parts, thread, 1 + consumer))
                Write(sums, boxes, c, (column * Consumers + consumer) * TEpilogue.OutputsAcross, row * tileRows,
                    tileRows, 1 + consumer);
        }
        if (thread == 0)
            Tma.Wait(0);
    }

    /// <summary>A tile's sums over some steps, w from shared memory.</summary>
    static void Multiply(ArrayView<float> sums, StageRing ring, ref PipelineState state, int steps, int consumer)
    {
        SharedMatrix weights = Operand(ring, consumer * ColumnsOfConsumer * RowBytes);
        SharedMatrix rows = Operand(ring, WeightBytes(new CodeFormat(CodeFormat.PlainBits, 0, 0)));
        bool releases = Warp.LaneIdx == 0;
        int read = -1;
        for (int step = 0; step < steps; step++)
        {
            ring.WaitFull(state);
            SharedMatrix left = weights.Advance(state.Stage * ring.Bytes);
            SharedMatrix right = rows.Advance(state.Stage * ring.Bytes);
            Wgmma.Fence();
            for (int k = 0; k < Multiplications; k++)
                Wgmma.MultiplyAdd(sums, left.Advance(k * MultiplicationBytes), right.Advance(k * MultiplicationBytes),
                    k > 0 ? 1 : step);
            Wgmma.Commit();
            Wgmma.Wait(1);
            if (releases && read >= 0)
                Mbarrier.Arrive(ref ring.Empty(read));
            read = state.Stage;
            state.Advance(ring.Stages);
        }
        Wgmma.Wait(0);
        if (releases)
            Mbarrier.Arrive(ref ring.Empty(read));
    }

    /// <summary>
    /// A tile's sums over some spans, w from codes that are converted in registers: all of a step's while the
    /// multiplications of the step before run, with two sets of fragments; or, where another group hides the waits,
    /// each multiplication's by itself, with one set.
    /// </summary>
    static void MultiplyQuantized(
        ArrayView<float> sums, ArrayView<Half> scales, StageRing ring, ref PipelineState state, WeightsFirstSizes sizes,
        int column, int first, int end, int tileRows, CodeFormat format, int consumer)
    {
        int lane = Warp.LaneIdx, row = consumer * ColumnsOfConsumer + Group.IdxX % Warpgroup / 32 * 16 + lane / 4;
        QuantizedOperand operand = new(lane, row, format);
        long groups = sizes.Inner >> format.GroupShift;
        long upper = IntrinsicMath.Min(column * TileColumns + row, sizes.Columns - 1) * groups;
        long lower = IntrinsicMath.Min(column * TileColumns + row + 8, sizes.Columns - 1) * groups;
        SharedMatrix rows = Operand(ring, WeightBytes(format));
        bool releases = lane == 0, isLight = tileRows <= LightRows;
        int read = -1;
        ArrayView<uint> fragments = LocalMemory.Allocate<uint>(ConvertedSteps * FragmentWords);
        ArrayView<uint> codes = LocalMemory.Allocate<uint>(FragmentWords), factors = LocalMemory.Allocate<uint>(4);
        ArrayView<uint> now = LocalMemory.Allocate<uint>(operand.ScaleWords);
        ArrayView<uint> next = LocalMemory.Allocate<uint>(operand.ScaleWords);
        operand.LoadScales(scales, next, upper, lower, first * Span, sizes.Inner);
        for (int span = first; span < end; span++)
        {
            operand.TakeScales(now, next);
            operand.LoadScales(scales, next, upper, lower, (span + 1) * Span, sizes.Inner);
            for (int step = 0; step < ConvertedSteps; step++)
            {
                ArrayView<uint> fragment = fragments.SubView(isLight ? 0 : step * FragmentWords, FragmentWords);
                ring.WaitFull(state);
                operand.LoadCodes(ring.Shared.SubView(state.Stage * ring.Bytes, WeightBytes(format)), codes);
                SharedMatrix right = rows.Advance(state.Stage * ring.Bytes);
                if (!isLight)
                {
                    for (int k = 0; k < Multiplications; k++)
                        operand.Convert(fragment.SubView(4 * k, 4), codes, now, factors, step, k);
                    Wgmma.Fence();
                }
                for (int k = 0; k < Multiplications; k++)
                {
                    if (isLight)
                    {
                        operand.Convert(fragment.SubView(4 * k, 4), codes, now, factors, step, k);
                        Wgmma.Fence();
                    }
                    Wgmma.MultiplyAddRegisters(sums, fragment.SubView(4 * k, 4), right.Advance(k * MultiplicationBytes),
                        k + step > 0 ? 1 : span - first);
                }
                Wgmma.Commit();
                if (isLight)
                    Wgmma.Wait(0);
                else
                    Wgmma.Wait(1);
                if (releases && (isLight || read >= 0))
                    Mbarrier.Arrive(ref ring.Empty(isLight ? state.Stage : read));
                read = state.Stage;
                state.Advance(ring.Stages);
            }
        }
        if (isLight)
            return;
        Wgmma.Wait(0);
        if (releases)
            Mbarrier.Arrive(ref ring.Empty(read));
    }

    /// <summary>[stages, pitch]: the scales of a's rows; empty where there are none.</summary>
    static ArrayView<float> RowScales(StageRing ring, int tileRows, CodeFormat format)
    {
        int start = ring.Stages * ring.Bytes + BoxesBytes(tileRows);
        return ring.Shared.SubView(start, ring.Stages * ScaleBytes(tileRows, format)).Cast<float>();
    }

    /// <summary>An operand of rows of 128 bytes that starts so many bytes into the first stage.</summary>
    static SharedMatrix Operand(StageRing ring, int start) =>
        SharedMatrix.Of(ref ring.Shared[start], 16, 8 * RowBytes, SharedSwizzle.Bytes128);

    /// <summary>Hands a warpgroup's sums to the copy engine, a box's rows at a time.</summary>
    static void Write(
        ArrayView<float> sums, ArrayView<byte> boxes, TensorMap c, int column, int row, int tileRows, int barrier)
    {
        int thread = Group.IdxX % Warpgroup, boxRows = BoxRows(tileRows), boxBytes = BoxBytes(tileRows);
        for (int start = 0; start < tileRows; start += boxRows)
        {
            if (thread == 0)
                Tma.WaitRead(0);
            NamedBarrier.Sync(barrier, Warpgroup);
            for (int group = 0; group < boxRows / 8; group++)
                TEpilogue.WriteAcross(sums.SubView(start / 2 + 4 * group, 4), boxes.Cast<uint>(), boxBytes / 4,
                    8 * group, thread / 32);
            Tma.Fence();
            NamedBarrier.Sync(barrier, Warpgroup);
            if (thread != 0)
                continue;
            for (int box = 0; box < TEpilogue.BoxesAcross; box++)
                OutputBox<TEpilogue>.Send(c, boxes.SubView(box * boxBytes, boxBytes), column + box * BoxColumns, row + start);
            Tma.Commit();
        }
    }
}
