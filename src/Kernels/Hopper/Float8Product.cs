using ILGPU;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>
/// A warpgroup's sums of products of 8-bit floats: 128 elements along k on the tensor cores, which keep few bits of a sum, then
/// added as float32 with the scales of w's and of a's 128.
/// <code>sums[n, m] = sum over blocks b of (sum over k in b of w[n, k] · a[m, k]) · wScale[n, b] · aScale[m, b]</code>
/// </summary>
/// <remarks>
/// In tiles of 128 rows two blocks are under way, one's multiplications beside the other's additions. The blocks that the
/// tensor cores have begun end in the same iteration: across iterations the assembler would put them one after the other.
/// </remarks>
/// <param name="ring">Stages of 128 elements along k.</param>
/// <param name="weights">64 rows of w in the first stage.</param>
/// <param name="rows">The rows of a there.</param>
/// <param name="rowScales">[stages, pitch]: their scales, in the order of <see cref="RowsToFloat8.PlaceOf"/>.</param>
/// <param name="scales">[columns, blocks]: all scales of w.</param>
readonly struct Float8Product(
    StageRing ring, SharedMatrix weights, SharedMatrix rows, ArrayView<float> rowScales, ArrayView<float> scales)
{
    /// <summary>Rows of the widest tile: two blocks' sums and those of the tile are in registers together.</summary>
    public const int MostRows = 128;

    /// <summary>A multiplication takes 32 elements along k.</summary>
    const int Multiplications = 4, MultiplicationBytes = 32;

    readonly StageRing _ring = ring;
    readonly SharedMatrix _weights = weights, _rows = rows;
    readonly ArrayView<float> _rowScales = rowScales, _scales = scales;

    /// <summary>Scales from stage to stage: the copy engine's boxes start at multiples of 128 bytes.</summary>
    public static int ScalePitch(int tileRows) => Math.Max(32, tileRows);

    /// <summary>A tile's sums over some blocks.</summary>
    /// <param name="sums">Half as many as the tile has rows.</param>
    /// <param name="state">Where the warpgroup stands in the ring.</param>
    /// <param name="sizes">Of the product; its spans are blocks.</param>
    /// <param name="column">The warpgroup's first row of w.</param>
    /// <param name="first">The first block.</param>
    /// <param name="end">Behind the last one.</param>
    /// <param name="tileRows">At most <see cref="MostRows"/>.</param>
    public void Multiply(
        ArrayView<float> sums, ref PipelineState state, WeightsFirstSizes sizes, int column, int first, int end,
        int tileRows)
    {
        ArrayView<float> one = LocalMemory.Allocate<float>(tileRows / 2), other = LocalMemory.Allocate<float>(tileRows / 2);
        int row = column + Group.IdxX % 128 / 32 * 16 + Warp.LaneIdx / 4, last = sizes.Columns - 1;
        long upper = (long)IntrinsicMath.Min(row, last) * sizes.Spans, lower = (long)IntrinsicMath.Min(row + 8, last) * sizes.Spans;
        for (int i = 0; i < tileRows / 2; i++)
            sums[i] = 0f;
        int block = first;
        if (tileRows == MostRows)
            for (; block + 1 < end; block += 2)
            {
                float upperOne = _scales[upper + block], lowerOne = _scales[lower + block];
                float upperOther = _scales[upper + block + 1], lowerOther = _scales[lower + block + 1];
                int stage = state.Stage;
                Begin(one, state);
                state.Advance(_ring.Stages);
                Begin(other, state);
                Wgmma.Wait(1);
                Add(sums, one, upperOne, lowerOne, stage, tileRows);
                Wgmma.Wait(0);
                Add(sums, other, upperOther, lowerOther, state.Stage, tileRows);
                state.Advance(_ring.Stages);
            }
        for (; block < end; block++)
        {
            float upperOne = _scales[upper + block], lowerOne = _scales[lower + block];
            Begin(one, state);
            Wgmma.Wait(0);
            Add(sums, one, upperOne, lowerOne, state.Stage, tileRows);
            state.Advance(_ring.Stages);
        }
    }

    void Begin(ArrayView<float> part, PipelineState state)
    {
        _ring.WaitFull(state);
        SharedMatrix left = _weights.Advance(state.Stage * _ring.Bytes), right = _rows.Advance(state.Stage * _ring.Bytes);
        Wgmma.Fence();
        for (int k = 0; k < Multiplications; k++)
            Wgmma.MultiplyAddFloat8(part, left.Advance(k * MultiplicationBytes), right.Advance(k * MultiplicationBytes),
                k > 0 ? 1 : 0);
        Wgmma.Commit();
    }

    /// <summary>Adds what a block gave, and gives its stage back.</summary>
    /// <param name="sums">4 for each 8 rows of a, as <c>Wgmma</c> lays them out: [row of w, row of a].</param>
    /// <param name="part">The same.</param>
    /// <param name="upper">Scale of the thread's first row of w.</param>
    /// <param name="lower">Scale of its other row of w.</param>
    /// <param name="stage">The block's.</param>
    /// <param name="tileRows">Rows of the tile.</param>
    void Add(ArrayView<float> sums, ArrayView<float> part, float upper, float lower, int stage, int tileRows)
    {
        ArrayView<Float32x4> own = _rowScales.SubView(stage * ScalePitch(tileRows), tileRows).Cast<Float32x4>();
        for (int rows = 0; rows < tileRows / 16; rows++)
        {
            Float32x4 scale = own[4 * rows + (Warp.LaneIdx & 3)];
            Add(sums.SubView(8 * rows, 4), part.SubView(8 * rows, 4), upper, lower, scale.A, scale.B);
            Add(sums.SubView(8 * rows + 4, 4), part.SubView(8 * rows + 4, 4), upper, lower, scale.C, scale.D);
        }
        Warp.Barrier();
        if (Warp.LaneIdx == 0)
            Mbarrier.Arrive(ref _ring.Empty(stage));
    }

    static void Add(ArrayView<float> sums, ArrayView<float> part, float upper, float lower, float left, float right)
    {
        sums[0] += part[0] * (upper * left);
        sums[1] += part[1] * (upper * right);
        sums[2] += part[2] * (lower * left);
        sums[3] += part[3] * (lower * right);
    }
}
