using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul.Epilogues;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>
/// Product of one row with a matrix, as decoding needs it: bound by reading w once.
/// <code>c[n] = epilogue(sum over k of a[k] · w[n, k])</code>
/// </summary>
/// <remarks>
/// Shapes: <see cref="MatMulShape"/> with one row; inner a multiple of the pack's elements. Sums in float32.
/// Work: a group computes 4 columns, 2 of long rows (a gate and its up column count as two): its threads stride over the packs of a
/// row together, so that what is read at once lies together, and add up at the end. Each has 8 to 12 independent 16-byte loads of w
/// under way before it uses the first.
/// Traffic: w once, in 16-byte loads; a from cache.
/// </remarks>
public sealed class MatMulRow<TPack, TOut, TEpilogue>(Accelerator accelerator)
    where TPack : unmanaged, IPack<TPack>
    where TOut : unmanaged
    where TEpilogue : struct, IEpilogue<TOut>
{
    const int GroupSize = 128;
    const int Warps = GroupSize / 32;
    const int MostColumns = 4;
    const int MostLoads = 12;

    /// <summary>Packs of a row that is long: two columns with more loads each.</summary>
    const int LongRow = 1024;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<TPack>, ArrayView<TPack>, ArrayView<TOut>, int, int, SpecializedValue<int>> _kernel =
        accelerator.LoadKernel<ArrayView<TPack>, ArrayView<TPack>, ArrayView<TOut>, int, int, SpecializedValue<int>>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="a">[inner] as packs.</param>
    /// <param name="w">[columns, inner] as packs.</param>
    /// <param name="c">[columns], or [columns / 2] where columns are pairs.</param>
    /// <param name="shape">The sizes; one row.</param>
    public void Run(AcceleratorStream stream, ArrayView<TPack> a, ArrayView<TPack> w, ArrayView<TOut> c, MatMulShape shape)
    {
        int count = default(TPack).Count;
        shape.Check(a.Length * count, w.Length * count, c.Length, TEpilogue.Pairs);
        if (shape.Rows != 1 || shape.Inner % count != 0)
            throw new ArgumentException($"MatMulRow: {shape.Rows} rows of {shape.Inner}; it multiplies one, inner a multiple of {count}.");
        int packs = shape.Inner / count, perGroup = packs < LongRow ? 4 : 2;
        _kernel(stream, new KernelConfig((shape.Columns + perGroup - 1) / perGroup, GroupSize), a, w, c, shape.Columns, packs, SpecializedValue.New(perGroup));
    }

    static void Kernel(ArrayView<TPack> a, ArrayView<TPack> w, ArrayView<TOut> c, int columns, int packs, SpecializedValue<int> columnsPerGroup)
    {
        LaunchOverlap.AllowNext();
        int steps = columnsPerGroup == MostColumns ? 2 : 6, first = Grid.IdxX * columnsPerGroup;
        ArrayView<float> sums = LocalMemory.Allocate<float>(MostColumns);
        ArrayView<long> starts = LocalMemory.Allocate<long>(MostColumns);
        ArrayView<TPack> loaded = LocalMemory.Allocate<TPack>(MostLoads);
        // Past the last column the group repeats it.
        for (int j = 0; j < columnsPerGroup; j++)
        {
            starts[j] = (long)IntrinsicMath.Min(Row(first, j, columnsPerGroup), columns - 1) * packs;
            sums[j] = 0f;
        }

        // w is of no earlier kernel: its first packs are on their way while the kernel before this one ends.
        Load(w, starts, loaded, Group.IdxX, packs, columnsPerGroup, steps);
        LaunchOverlap.WaitForPrevious();
        Multiply(a, loaded, sums, Group.IdxX, packs, columnsPerGroup, steps);
        for (int start = steps * GroupSize; start < packs; start += steps * GroupSize)
        {
            Load(w, starts, loaded, start + Group.IdxX, packs, columnsPerGroup, steps);
            Multiply(a, loaded, sums, start + Group.IdxX, packs, columnsPerGroup, steps);
        }
        Write(c, sums, first, columns, columnsPerGroup);
    }

    /// <summary>The row of w of a group's j-th sum: gates first, then their up rows, where columns are pairs.</summary>
    static int Row(int first, int j, int columnsPerGroup)
    {
        if (!TEpilogue.Pairs)
            return first + j;
        int gates = columnsPerGroup / 2;
        return GateUpOrder.GateRow(first / 2 + j % gates) + j / gates * GateUpOrder.Block;
    }

    /// <summary>Some packs of each column. Past a row's end its last pack is read again, for <see cref="Multiply"/> to drop.</summary>
    static void Load(ArrayView<TPack> w, ArrayView<long> starts, ArrayView<TPack> loaded, int pack, int packs, SpecializedValue<int> columnsPerGroup, int steps)
    {
        for (int j = 0; j < columnsPerGroup; j++)
            for (int s = 0; s < steps; s++)
                loaded[s * columnsPerGroup + j] = w[starts[j] + IntrinsicMath.Min(pack + s * GroupSize, packs - 1)];
    }

    /// <summary>Adds the products of loaded packs with theirs of a.</summary>
    static void Multiply(ArrayView<TPack> a, ArrayView<TPack> loaded, ArrayView<float> sums, int pack, int packs, SpecializedValue<int> columnsPerGroup, int steps)
    {
        for (int s = 0; s < steps; s++)
        {
            bool isInside = pack + s * GroupSize < packs;
            TPack row = a[IntrinsicMath.Min(pack + s * GroupSize, packs - 1)];
            for (int j = 0; j < columnsPerGroup; j++)
            {
                float sum = default(TPack).Dot(loaded[s * columnsPerGroup + j], row, sums[j]);
                sums[j] = isInside ? sum : sums[j];
            }
        }
    }

    /// <summary>The sums over the group, and their outputs: thread j stores the j-th.</summary>
    static void Write(ArrayView<TOut> c, ArrayView<float> sums, int first, int columns, SpecializedValue<int> columnsPerGroup)
    {
        ArrayView<Float32x4> parts = SharedMemory.Allocate<Float32x4>(Warps);
        float s0 = sums[0], s1 = sums[1], s2 = 0f, s3 = 0f;
        if (columnsPerGroup == MostColumns)
        {
            s2 = sums[2];
            s3 = sums[3];
            WarpReduce.Sum4(ref s0, ref s1, ref s2, ref s3);
        }
        else
        {
            WarpReduce.Sum2(ref s0, ref s1);
        }
        if (Warp.LaneIdx == 0)
            parts[Group.IdxX >> 5] = new Float32x4(s0, s1, s2, s3);
        Group.Barrier();
        int thread = Group.IdxX, gates = columnsPerGroup / 2;
        if (TEpilogue.Pairs)
        {
            if (thread < gates && first / 2 + thread < columns / 2)
                TEpilogue.Write(c, first / 2 + thread, Total(parts, thread), Total(parts, thread + gates));
        }
        else if (thread < columnsPerGroup && first + thread < columns)
            TEpilogue.Write(c, first + thread, Total(parts, thread), 0f);
    }

    static float Total(ArrayView<Float32x4> parts, int column)
    {
        ArrayView<float> sums = parts.Cast<float>();
        return sums[column] + sums[4 + column] + (sums[8 + column] + sums[12 + column]);
    }
}
