using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.MatMul.Epilogues;
using Half = ILGPU.Half;

namespace IlgpuDca.Kernels.Quantization;

/// <summary>
/// Product of one row with a quantised matrix, which is never unpacked: codes are multiplied as integers with the row's 16-bit
/// integers (<see cref="IntegerRow"/>), and each group's sum meets its scale. Codes that are 8-bit floats are
/// multiplied with the row itself.
/// <code>c[n] = epilogue(sum over groups of scale[n, g] · x scale · (sum of code · integer) + offset[n, g] · x scale · (sum of integers))</code>
/// </summary>
/// <remarks>
/// Shapes: a [inner]; w [columns, inner] in a <see cref="QuantizedLayout"/>; c [columns], or half of them where columns are pairs.
/// Work: a warp computes 2 columns, 4 of large matrices and of long rows of bytes; its lanes stride over 16-byte packs of codes, 8 or 16 of a thread under way.
/// Integer sums are exact.
/// Traffic: codes and scales once; the row from cache, once a group.
/// </remarks>
public sealed class MatMulQuantizedVector<TPack, TOut, TEpilogue>(Accelerator accelerator)
    where TPack : unmanaged, IPack<TPack>
    where TOut : unmanaged
    where TEpilogue : struct, IEpilogue<TOut>
{
    /// <summary>Threads of a group, and of one whose row is long: its integers fill more shared memory, so fewer groups fit.</summary>
    const int ShortRowGroup = 128, LongRowGroup = 256;

    /// <summary>Weights of a row that is long.</summary>
    const int LongRow = 6_144;

    /// <summary>Weights of a matrix from which on a warp takes four columns.</summary>
    const long LargeMatrix = 1 << 27;

    const int MostColumns = 4, MostLoads = 16;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<TPack>, ArrayView<CodePack>, ArrayView<Half>, ArrayView<TOut>, int, int, SpecializedValue<int>, SpecializedValue<int>, SpecializedValue<int>, SpecializedValue<int>> _kernel =
        accelerator.LoadKernel<ArrayView<TPack>, ArrayView<CodePack>, ArrayView<Half>, ArrayView<TOut>, int, int, SpecializedValue<int>, SpecializedValue<int>, SpecializedValue<int>, SpecializedValue<int>>(
            Kernel, new KernelSpecialization(LongRowGroup, null));

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="a">[inner] as packs.</param>
    /// <param name="w">[columns, inner].</param>
    /// <param name="c">[columns], or [columns / 2] where columns are pairs.</param>
    /// <param name="shape">The sizes; one row.</param>
    /// <param name="columnsPerWarp">2 or 4; null: as the size of w suggests.</param>
    public void Run(AcceleratorStream stream, ArrayView<TPack> a, QuantizedMatrix w, ArrayView<TOut> c, MatMulShape shape, int? columnsPerWarp = null)
    {
        w.Check(shape.Columns, shape.Inner);
        shape.Check(a.Length * default(TPack).Count, w.Weights, c.Length, TEpilogue.Pairs);
        if (shape.Rows != 1)
            throw new ArgumentException($"MatMulQuantizedVector: {shape.Rows} rows; it multiplies one.");
        bool isLong = shape.Inner >= LongRow;
        bool takesFour = w.Weights >= LargeMatrix || isLong && w.Layout is { Bits: 8, IsFloat8: false };
        int group = isLong ? LongRowGroup : ShortRowGroup, columns = columnsPerWarp ?? (takesFour ? 4 : 2);
        int perGroup = group / 32 * columns, words = w.Layout.IsFloat8 ? 0 : IntegerRow.SharedWords(shape.Inner);
        KernelConfig config =
            new((shape.Columns + perGroup - 1) / perGroup, group, SharedMemoryConfig.RequestDynamic<uint>(words));
        _kernel(stream, config, a, w.Codes, w.Scales, c, shape.Columns, shape.Inner,
            SpecializedValue.New(w.Layout.Bits), SpecializedValue.New(w.Layout.GroupShift),
            SpecializedValue.New(w.Layout.Kind), SpecializedValue.New(columns));
    }

    /// <summary>Packs of each column that a thread loads at once: of two columns a row of 4,096 weights.</summary>
    static int Steps(int bits, int columnsPerWarp) => columnsPerWarp == 4 ? 2 : bits == 4 ? 4 : 8;

    static void Kernel(ArrayView<TPack> a, ArrayView<CodePack> codes, ArrayView<Half> scales, ArrayView<TOut> c,
        int columns, int inner, SpecializedValue<int> bits, SpecializedValue<int> groupShift,
        SpecializedValue<int> kind, SpecializedValue<int> columnsPerWarp)
    {
        LaunchOverlap.AllowNext();
        Multiply(a, codes, scales, c, columns, inner, bits, groupShift, kind, columnsPerWarp);
    }

    /// <summary>This group's columns, in kernels; waits for the previous kernel where it has not yet.</summary>
    internal static void Multiply(ArrayView<TPack> a, ArrayView<CodePack> codes, ArrayView<Half> scales,
        ArrayView<TOut> c, int columns, int inner, SpecializedValue<int> bits, SpecializedValue<int> groupShift,
        SpecializedValue<int> kind, SpecializedValue<int> columnsPerWarp)
    {
        int packWeights = 128 / bits, packs = inner / packWeights, lane = Warp.LaneIdx, steps = Steps(bits, columnsPerWarp);
        int first = (Grid.IdxX * (Group.DimX >> 5) + (Group.IdxX >> 5)) * columnsPerWarp;
        ArrayView<long> rows = LocalMemory.Allocate<long>(MostColumns);
        ArrayView<float> sums = LocalMemory.Allocate<float>(MostColumns);
        ArrayView<CodePack> loaded = LocalMemory.Allocate<CodePack>(MostLoads);
        ArrayView<uint> factors = LocalMemory.Allocate<uint>(MostLoads);
        // Past the last column the warp repeats it: every lane must reach the reductions.
        for (int j = 0; j < columnsPerWarp; j++)
        {
            rows[j] = IntrinsicMath.Min(Row(first, j, columnsPerWarp), columns - 1);
            sums[j] = 0f;
        }

        // w is of no earlier kernel: its first packs are on their way while the kernel before this one ends.
        Load(codes, scales, rows, loaded, factors, lane, packs, packWeights, groupShift, kind, columnsPerWarp, steps);
        LaunchOverlap.WaitForPrevious();
        IntegerRow row = IntegerRow.Shared(kind == QuantizedLayout.Float8 ? 0 : inner);
        if (kind != QuantizedLayout.Float8)
        {
            row.Fill(a);
            Group.Barrier();
        }
        Multiply(a, row, loaded, factors, sums, lane, packs, bits, kind, columnsPerWarp, steps);
        for (int start = steps * 32; start < packs; start += steps * 32)
        {
            Load(codes, scales, rows, loaded, factors, start + lane, packs, packWeights, groupShift, kind,
                columnsPerWarp, steps);
            Multiply(a, row, loaded, factors, sums, start + lane, packs, bits, kind, columnsPerWarp, steps);
        }
        Write(c, sums, first, columns, columnsPerWarp, lane);
    }

    /// <summary>The row of w of a warp's j-th sum: gates first, then their up rows, where columns are pairs.</summary>
    static int Row(int first, int j, int columnsPerWarp)
    {
        int gates = columnsPerWarp / 2;
        return TEpilogue.Pairs ? GateUpOrder.GateRow(first / 2 + j % gates) + j / gates * GateUpOrder.Block : first + j;
    }

    /// <summary>The sums over the lanes, and their outputs: lane j stores the warp's j-th.</summary>
    static void Write(ArrayView<TOut> c, ArrayView<float> sums, int first, int columns, SpecializedValue<int> columnsPerWarp, int lane)
    {
        float s0 = sums[0], s1 = sums[1], s2 = 0f, s3 = 0f;
        if (columnsPerWarp == MostColumns)
        {
            s2 = sums[2];
            s3 = sums[3];
            WarpReduce.Sum4(ref s0, ref s1, ref s2, ref s3);
        }
        else
        {
            WarpReduce.Sum2(ref s0, ref s1);
        }
        if (TEpilogue.Pairs)
        {
            float gate = lane == 0 ? s0 : s1, up = columnsPerWarp == MostColumns ? (lane == 0 ? s2 : s3) : s1;
            if (lane < columnsPerWarp / 2 && first / 2 + lane < columns / 2)
                TEpilogue.Write(c, first / 2 + lane, gate, up);
        }
        else
        {
            float mine = lane == 0 ? s0 : lane == 1 ? s1 : lane == 2 ? s2 : s3;
            if (lane < columnsPerWarp && first + lane < columns)
                TEpilogue.Write(c, first + lane, mine, 0f);
        }
    }

    /// <summary>Some packs of each column with their groups' scales. Past a row's end its last pack is read again.</summary>
    static void Load(ArrayView<CodePack> codes, ArrayView<Half> scales, ArrayView<long> rows,
        ArrayView<CodePack> loaded, ArrayView<uint> factors, int pack, int packs, int packWeights,
        SpecializedValue<int> groupShift, SpecializedValue<int> kind, SpecializedValue<int> columnsPerWarp, int steps)
    {
        for (int s = 0; s < steps; s++)
            for (int j = 0; j < columnsPerWarp; j++)
            {
                long at = rows[j] * packs + IntrinsicMath.Min(pack + s * 32, packs - 1);
                loaded[s * columnsPerWarp + j] = codes[at];
                long group = at * packWeights >> groupShift;
                factors[s * columnsPerWarp + j] = kind != 0 ? scales.Cast<uint>()[group]
                    : Interop.FloatAsInt(scales[group]);
            }
    }

    /// <summary>
    /// Adds the products of loaded packs with theirs of the row: of a itself where codes are floats, else of its
    /// integers.
    /// </summary>
    internal static void Multiply(ArrayView<TPack> a, IntegerRow row, ArrayView<CodePack> loaded,
        ArrayView<uint> factors, ArrayView<float> sums, int pack, int packs, SpecializedValue<int> bits,
        SpecializedValue<int> kind, SpecializedValue<int> columnsPerWarp, int steps)
    {
        if (kind == QuantizedLayout.Float8)
            MultiplyFloats(a, loaded, factors, sums, pack, packs, columnsPerWarp, steps);
        else
            MultiplyIntegers(row, loaded, factors, sums, pack, packs, bits, kind, columnsPerWarp, steps);
    }

    static void MultiplyFloats(ArrayView<TPack> a, ArrayView<CodePack> loaded, ArrayView<uint> factors,
        ArrayView<float> sums, int pack, int packs, SpecializedValue<int> columnsPerWarp, int steps)
    {
        const int Codes = 16;
        ArrayView<float> raised = LocalMemory.Allocate<float>(Codes);
        int count = default(TPack).Count;
        for (int s = 0; s < steps; s++)
        {
            int at = pack + s * 32;
            if (at >= packs)
                break;
            for (int p = 0; p < Codes / count; p++)
            {
                TPack own = a[(long)at * (Codes / count) + p];
                for (int e = 0; e < count; e++)
                    raised[p * count + e] = Float8.Raised(own.Element(e));
            }
            for (int j = 0; j < columnsPerWarp; j++)
            {
                CodePack w = loaded[s * columnsPerWarp + j];
                float sum = Float8.Dot(w.B, raised, 4, Float8.Dot(w.A, raised, 0, 0f));
                sum = Float8.Dot(w.D, raised, 12, Float8.Dot(w.C, raised, 8, sum));
                sums[j] += Interop.IntAsFloat(factors[s * columnsPerWarp + j]) * Float8.Lowered(sum);
            }
        }
    }

    static void MultiplyIntegers(IntegerRow row, ArrayView<CodePack> loaded, ArrayView<uint> factors,
        ArrayView<float> sums, int pack, int packs, SpecializedValue<int> bits, SpecializedValue<int> kind,
        SpecializedValue<int> columnsPerWarp, int steps)
    {
        int blocks = row.Scales.IntLength;
        for (int s = 0; s < steps; s++)
        {
            if (pack + s * 32 >= packs)
                break;
            int at = pack + s * 32, block = bits == 4 ? at : at >> 1, half = bits == 4 ? 0 : at & 1;
            float scale = row.Scales[block];
            int sum = row.Sums[2 * block + half] + (bits == 4 ? row.Sums[2 * block + 1] : 0);
            CodePack x0 = row.Packs[2 * half * blocks + block], x1 = row.Packs[(2 * half + 1) * blocks + block];
            CodePack x2 = bits == 4 ? row.Packs[2 * blocks + block] : x0, x3 = bits == 4 ? row.Packs[3 * blocks + block] : x0;
            for (int j = 0; j < columnsPerWarp; j++)
            {
                CodePack w = loaded[s * columnsPerWarp + j];
                int dot = bits == 4 ? Nibbles(w, x0, x1, x2, x3, kind == 0 ? -8 * sum : 0)
                    : DotProduct.Signed(x1.C, x1.D, w.D, DotProduct.Signed(x1.A, x1.B, w.C, DotProduct.Signed(x0.C, x0.D, w.B, DotProduct.Signed(x0.A, x0.B, w.A, 0))));
                uint factor = factors[s * columnsPerWarp + j];
                float own = (float)Interop.IntAsFloat((ushort)factor);
                if (kind == 1)
                    sums[j] += scale * (own * dot + (float)Interop.IntAsFloat((ushort)(factor >> 16)) * sum);
                else
                    sums[j] += scale * (own * dot);
            }
        }
    }

    /// <summary>
    /// sum + the products of a pack's codes with integers. High halves of bytes stay where they are, 16 times their
    /// code: the sum of 16 such products is below 2^27, a multiple of 16, and is lowered once.
    /// </summary>
    static int Nibbles(CodePack w, CodePack x0, CodePack x1, CodePack x2, CodePack x3, int sum)
    {
        const uint Low = 0x0F0F0F0Fu, High = 0xF0F0F0F0u;
        int low = DotProduct.Unsigned(x1.A, x1.B, w.B & Low, DotProduct.Unsigned(x0.A, x0.B, w.A & Low, sum));
        low = DotProduct.Unsigned(x3.A, x3.B, w.D & Low, DotProduct.Unsigned(x2.A, x2.B, w.C & Low, low));
        int high = DotProduct.Unsigned(x1.C, x1.D, w.B & High, DotProduct.Unsigned(x0.C, x0.D, w.A & High, 0));
        high = DotProduct.Unsigned(x3.C, x3.D, w.D & High, DotProduct.Unsigned(x2.C, x2.D, w.C & High, high));
        return low + (high >> 4);
    }
}
