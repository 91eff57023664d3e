using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>
/// Matrix product for few rows, as decoding needs it: bound by reading w once.
/// <code>c[m, n] = sum over k of a[m, k] · w[n, k]</code>
/// </summary>
/// <remarks>
/// Shapes: <see cref="MatMulShape"/>, up to <see cref="MaxRows"/> rows; inner a multiple of the pack's elements. Sums in float32.
/// Work: a warp computes 4 columns for all rows; its lanes stride over the packs of a row and add up at the end.
/// Traffic: w once, in 16-byte loads; a from cache.
/// </remarks>
public sealed class MatMulVector<TPack>(Accelerator accelerator)
    where TPack : unmanaged, IPack<TPack>
{
    /// <summary>Most rows of a: each has 4 sums in every thread.</summary>
    public const int MaxRows = 8;

    const int GroupSize = 128;
    const int ColumnsPerWarp = 4;
    const int ColumnsPerGroup = GroupSize / 32 * ColumnsPerWarp;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<TPack>, ArrayView<TPack>, ArrayView<float>, int, int, SpecializedValue<int>> _kernel =
        accelerator.LoadKernel<ArrayView<TPack>, ArrayView<TPack>, ArrayView<float>, int, int, SpecializedValue<int>>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="a">[rows, inner] as packs.</param>
    /// <param name="w">[columns, inner] as packs.</param>
    /// <param name="c">[rows, columns].</param>
    /// <param name="shape">The three sizes, in elements.</param>
    public void Run(AcceleratorStream stream, ArrayView<TPack> a, ArrayView<TPack> w, ArrayView<float> c, MatMulShape shape)
    {
        int count = default(TPack).Count;
        shape.Check(a.Length * count, w.Length * count, c.Length);
        if (shape.Rows > MaxRows || shape.Inner % count != 0)
            throw new ArgumentException($"MatMulVector: {shape.Rows} rows of {shape.Inner}; at most {MaxRows} rows, inner a multiple of {count}.");
        int groups = (shape.Columns + ColumnsPerGroup - 1) / ColumnsPerGroup;
        _kernel(stream, new KernelConfig(groups, GroupSize), a, w, c, shape.Columns, shape.Inner / count, SpecializedValue.New(shape.Rows));
    }

    static void Kernel(ArrayView<TPack> a, ArrayView<TPack> w, ArrayView<float> c, int columns, int packs, SpecializedValue<int> rows)
    {
        ArrayView<float> sums = LocalMemory.Allocate<float>(MaxRows * ColumnsPerWarp);
        for (int i = 0; i < rows * ColumnsPerWarp; i++)
            sums[i] = 0f;

        int lane = Warp.LaneIdx;
        int column = Grid.IdxX * ColumnsPerGroup + (Group.IdxX >> 5) * ColumnsPerWarp;
        // Past the last column the warp repeats it: every lane must reach the reductions.
        long w0 = (long)IntrinsicMath.Min(column, columns - 1) * packs, w1 = (long)IntrinsicMath.Min(column + 1, columns - 1) * packs;
        long w2 = (long)IntrinsicMath.Min(column + 2, columns - 1) * packs, w3 = (long)IntrinsicMath.Min(column + 3, columns - 1) * packs;
        for (int p = lane; p < packs; p += 32)
        {
            TPack pack0 = w[w0 + p], pack1 = w[w1 + p], pack2 = w[w2 + p], pack3 = w[w3 + p];
            for (int m = 0; m < rows; m++)
            {
                TPack row = a[(long)m * packs + p];
                sums[m * ColumnsPerWarp] = default(TPack).Dot(pack0, row, sums[m * ColumnsPerWarp]);
                sums[m * ColumnsPerWarp + 1] = default(TPack).Dot(pack1, row, sums[m * ColumnsPerWarp + 1]);
                sums[m * ColumnsPerWarp + 2] = default(TPack).Dot(pack2, row, sums[m * ColumnsPerWarp + 2]);
                sums[m * ColumnsPerWarp + 3] = default(TPack).Dot(pack3, row, sums[m * ColumnsPerWarp + 3]);
            }
        }

        for (int m = 0; m < rows; m++)
        {
            float s0 = sums[m * ColumnsPerWarp], s1 = sums[m * ColumnsPerWarp + 1], s2 = sums[m * ColumnsPerWarp + 2], s3 = sums[m * ColumnsPerWarp + 3];
            WarpReduce.Sum4(ref s0, ref s1, ref s2, ref s3);
            // Lane j stores column j of the four.
            float mine = lane == 0 ? s0 : lane == 1 ? s1 : lane == 2 ? s2 : s3;
            if (lane < ColumnsPerWarp && column + lane < columns)
                c[(long)m * columns + (column + lane)] = mine;
        }
    }
}
