using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul.Epilogues;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>
/// Matrix product for few rows, or for one whose elements don't divide into packs: bound by reading w once.
/// <code>c[m, n] = epilogue(sum over k of a[m, k] · w[n, k])</code>
/// </summary>
/// <remarks>
/// Shapes: <see cref="MatMulShape"/>, up to <see cref="MatMulVector.MaxRows"/> rows; inner a multiple of the pack's elements.
/// Sums in float32.
/// Work: a warp computes 2 columns for up to 2 rows of a, else 4 (a gate and its up column count as two); its lanes stride over
/// the packs of a row and add up at the end. Each thread has 8 or 16 independent 16-byte loads of w under way before it uses the first.
/// Traffic: w once, in 16-byte loads; a from cache.
/// </remarks>
public sealed class MatMulVector<TPack, TOut, TEpilogue>(Accelerator accelerator)
    where TPack : unmanaged, IPack<TPack>
    where TOut : unmanaged
    where TEpilogue : struct, IEpilogue<TOut>
{
    internal const int GroupSize = 128;
    const int Warps = GroupSize / 32;

    const int MaxColumns = 4;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<TPack>, ArrayView<TPack>, ArrayView<TOut>, int, int, SpecializedValue<int>, SpecializedValue<int>> _kernel =
        accelerator.LoadKernel<ArrayView<TPack>, ArrayView<TPack>, ArrayView<TOut>, int, int, SpecializedValue<int>, SpecializedValue<int>>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="a">[rows, inner] as packs.</param>
    /// <param name="w">[columns, inner] as packs.</param>
    /// <param name="c">[rows, columns], or [rows, columns / 2] where columns are pairs.</param>
    /// <param name="shape">The three sizes, in elements.</param>
    public void Run(AcceleratorStream stream, ArrayView<TPack> a, ArrayView<TPack> w, ArrayView<TOut> c, MatMulShape shape)
    {
        int count = default(TPack).Count;
        shape.Check(a.Length * count, w.Length * count, c.Length, TEpilogue.Pairs);
        if (shape.Rows > MatMulVector.MaxRows || shape.Inner % count != 0)
            throw new ArgumentException($"MatMulVector: {shape.Rows} rows of {shape.Inner}; at most {MatMulVector.MaxRows} rows, inner a multiple of {count}.");
        int columnsPerWarp = ColumnsPerWarp(shape);
        int perGroup = Warps * columnsPerWarp;
        int groups = (shape.Columns + perGroup - 1) / perGroup;
        _kernel(stream, new KernelConfig(groups, GroupSize), a, w, c, shape.Columns, shape.Inner / count, SpecializedValue.New(shape.Rows), SpecializedValue.New(columnsPerWarp));
    }

    /// <summary>More columns for more rows: each pack of a is then used more often.</summary>
    static int ColumnsPerWarp(MatMulShape shape) =>
        shape.Rows > 2 ? MaxColumns : 2;

    /// <summary>Packs of w that a thread loads before it uses the first: as many as registers beside the sums allow.</summary>
    static int LoadsInFlight(int columnsPerWarp) => columnsPerWarp == 2 ? 16 : 8;

    static void Kernel(ArrayView<TPack> a, ArrayView<TPack> w, ArrayView<TOut> c, int columns, int packs, SpecializedValue<int> rows, SpecializedValue<int> columnsPerWarp)
    {
        LaunchOverlap.AllowNext();
        Multiply(a, w, c, columns, packs, rows, columnsPerWarp);
    }

    /// <summary>This group's columns, in kernels; waits for the previous kernel where it has not yet.</summary>
    internal static void Multiply(ArrayView<TPack> a, ArrayView<TPack> w, ArrayView<TOut> c, int columns, int packs,
        SpecializedValue<int> rows, SpecializedValue<int> columnsPerWarp)
    {
        int steps = LoadsInFlight(columnsPerWarp) / columnsPerWarp;
        ArrayView<float> sums = LocalMemory.Allocate<float>(MatMulVector.MaxRows * MaxColumns);
        ArrayView<long> starts = LocalMemory.Allocate<long>(MaxColumns);
        for (int i = 0; i < rows * columnsPerWarp; i++)
            sums[i] = 0f;

        int lane = Warp.LaneIdx;
        int first = (Grid.IdxX * Warps + (Group.IdxX >> 5)) * columnsPerWarp;
        // Past the last column the warp repeats it: every lane must reach the reductions.
        for (int j = 0; j < columnsPerWarp; j++)
            starts[j] = (long)IntrinsicMath.Min(Row(first, j, columnsPerWarp), columns - 1) * packs;

        // w is of no earlier kernel: its first packs are on their way while the kernel before this one ends.
        ArrayView<TPack> loaded = LocalMemory.Allocate<TPack>(LoadsInFlight(columnsPerWarp));
        Load(w, starts, loaded, lane, packs, columnsPerWarp, steps, isLast: true);
        LaunchOverlap.WaitForPrevious();
        Multiply(a, loaded, sums, lane, packs, rows, columnsPerWarp, steps, isLast: true);
        int span = steps * 32, start = span;
        for (; start + span <= packs; start += span)
        {
            Load(w, starts, loaded, start + lane, packs, columnsPerWarp, steps, isLast: false);
            Multiply(a, loaded, sums, start + lane, packs, rows, columnsPerWarp, steps, isLast: false);
        }
        if (start < packs)
        {
            Load(w, starts, loaded, start + lane, packs, columnsPerWarp, steps, isLast: true);
            Multiply(a, loaded, sums, start + lane, packs, rows, columnsPerWarp, steps, isLast: true);
        }

        for (int m = 0; m < rows; m++)
            Write(c, sums, m, first, columns, columnsPerWarp, lane);
    }

    /// <summary>The row of w of a warp's j-th sum: gates first, then their up rows, where columns are pairs.</summary>
    static int Row(int first, int j, int columnsPerWarp)
    {
        if (!TEpilogue.Pairs)
            return first + j;
        int gates = columnsPerWarp / 2;
        return j < gates ? GateUpOrder.GateRow(first / 2 + j) : GateUpOrder.GateRow(first / 2 + j - gates) + GateUpOrder.Block;
    }

    /// <summary>Some packs of each column. The last step reads its row's end again, for <see cref="Multiply"/> to drop.</summary>
    static void Load(ArrayView<TPack> w, ArrayView<long> starts, ArrayView<TPack> loaded, int pack, int packs,
        SpecializedValue<int> columnsPerWarp, int steps, bool isLast)
    {
        for (int j = 0; j < columnsPerWarp; j++)
            for (int s = 0; s < steps; s++)
                loaded[s * columnsPerWarp + j] = w[starts[j] + (isLast ? IntrinsicMath.Min(pack + s * 32, packs - 1) : pack + s * 32)];
    }

    /// <summary>Adds the products of loaded packs with theirs of a.</summary>
    static void Multiply(ArrayView<TPack> a, ArrayView<TPack> loaded, ArrayView<float> sums, int pack, int packs,
        SpecializedValue<int> rows, SpecializedValue<int> columnsPerWarp, int steps, bool isLast)
    {
        for (int m = 0; m < rows; m++)
            for (int s = 0; s < steps; s++)
            {
                bool isInside = !isLast || pack + s * 32 < packs;
                TPack row = a[(long)m * packs + (isLast ? IntrinsicMath.Min(pack + s * 32, packs - 1) : pack + s * 32)];
                for (int j = 0; j < columnsPerWarp; j++)
                {
                    float sum = default(TPack).Dot(loaded[s * columnsPerWarp + j], row, sums[m * columnsPerWarp + j]);
                    sums[m * columnsPerWarp + j] = isInside ? sum : sums[m * columnsPerWarp + j];
                }
            }
    }

    /// <summary>One row's sums over the lanes, and their outputs: lane j stores the warp's j-th.</summary>
    static void Write(ArrayView<TOut> c, ArrayView<float> sums, int m, int first, int columns, int columnsPerWarp, int lane)
    {
        float s0 = sums[m * columnsPerWarp], s1 = columnsPerWarp > 1 ? sums[m * columnsPerWarp + 1] : 0f;
        float s2 = 0f, s3 = 0f;
        if (columnsPerWarp == MaxColumns)
        {
            s2 = sums[m * columnsPerWarp + 2];
            s3 = sums[m * columnsPerWarp + 3];
            WarpReduce.Sum4(ref s0, ref s1, ref s2, ref s3);
        }
        else
        {
            WarpReduce.Sum2(ref s0, ref s1);
        }
        if (TEpilogue.Pairs)
        {
            float gate = lane == 0 ? s0 : s1, up = columnsPerWarp == MaxColumns ? (lane == 0 ? s2 : s3) : s1;
            int output = first / 2 + lane;
            if (lane < columnsPerWarp / 2 && output < columns / 2)
                TEpilogue.Write(c, (long)m * (columns / 2) + output, gate, up);
        }
        else
        {
            float mine = lane == 0 ? s0 : lane == 1 ? s1 : lane == 2 ? s2 : s3;
            if (lane < columnsPerWarp && first + lane < columns)
                TEpilogue.Write(c, (long)m * columns + (first + lane), mine, 0f);
        }
    }
}
