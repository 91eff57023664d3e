using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.MatMul.Epilogues;
using Half = ILGPU.Half;

namespace IlgpuDca.Kernels.Quantization;

/// <summary>
/// Product of one row with a quantised matrix, which is never unpacked: codes are multiplied as integers with the row's 16-bit
/// integers (<see cref="IntegerRow"/>), and each group's sum meets its scale.
/// <code>c[n] = epilogue(sum over groups of scale[n, g] · x scale · (sum of code · integer) + offset[n, g] · x scale · (sum of integers))</code>
/// </summary>
/// <remarks>
/// Shapes: a [inner]; w [columns, inner] in a <see cref="QuantizedLayout"/>; c [columns], or half of them where columns are pairs.
/// Work: groups that stay on their multiprocessor and read the row once; a warp computes 4 columns at a time, its lanes striding over
/// 16-byte packs of codes, 8 of a thread under way, the next columns' before the sums of these are added up. Integer sums are exact.
/// Traffic: codes and scales once; the row from cache, once a group.
/// </remarks>
public sealed class MatMulQuantizedVector<TPack, TOut, TEpilogue>(Accelerator accelerator)
    where TPack : unmanaged, IPack<TPack>
    where TOut : unmanaged
    where TEpilogue : struct, IEpilogue<TOut>
{
    const int GroupSize = 256;
    const int Warps = GroupSize / 32;

    /// <summary>Columns of a warp, and packs of each that a thread loads at once.</summary>
    const int Columns = 4, Steps = 2;

    /// <summary>Groups of a multiprocessor, where their rows fit its shared memory.</summary>
    const int MostGroups = 4;

    /// <summary>Bytes of shared memory that groups of one multiprocessor may take together. Where it has less, some start later.</summary>
    const int SharedBytes = 200 << 10;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<TPack>, ArrayView<CodePack>, ArrayView<Half>, ArrayView<TOut>, int, int, SpecializedValue<int>, SpecializedValue<int>, SpecializedValue<int>> _kernel =
        accelerator.LoadKernel<ArrayView<TPack>, ArrayView<CodePack>, ArrayView<Half>, ArrayView<TOut>, int, int, SpecializedValue<int>, SpecializedValue<int>, SpecializedValue<int>>(
            Kernel, new KernelSpecialization(GroupSize, MostGroups));

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="a">[inner] as packs.</param>
    /// <param name="w">[columns, inner].</param>
    /// <param name="c">[columns], or [columns / 2] where columns are pairs.</param>
    /// <param name="shape">The sizes; one row.</param>
    public void Run(AcceleratorStream stream, ArrayView<TPack> a, QuantizedMatrix w, ArrayView<TOut> c, MatMulShape shape)
    {
        w.Check(shape.Columns, shape.Inner);
        shape.Check(a.Length * default(TPack).Count, w.Weights, c.Length, TEpilogue.Pairs);
        if (shape.Rows != 1)
            throw new ArgumentException($"MatMulQuantizedVector: {shape.Rows} rows; it multiplies one.");
        int words = IntegerRow.SharedWords(shape.Inner), perGroup = Warps * Columns;
        KernelConfig config = new(Groups((shape.Columns + perGroup - 1) / perGroup, words * sizeof(uint)), GroupSize, SharedMemoryConfig.RequestDynamic<uint>(words));
        _kernel(stream, config, a, w.Codes, w.Scales, c, shape.Columns, shape.Inner, SpecializedValue.New(w.Layout.Bits),
            SpecializedValue.New(w.Layout.GroupShift), SpecializedValue.New(w.Layout.HasOffset ? 1 : 0));
    }

    /// <summary>As few groups as do the blocks of columns in as many rounds as the most groups that fit.</summary>
    int Groups(int blocks, int sharedBytes)
    {
        int most = accelerator.NumMultiprocessors * Math.Clamp(SharedBytes / sharedBytes, 1, MostGroups);
        int rounds = (blocks + most - 1) / most;
        return (blocks + rounds - 1) / rounds;
    }

    static void Kernel(ArrayView<TPack> a, ArrayView<CodePack> codes, ArrayView<Half> scales, ArrayView<TOut> c, int columns, int inner,
        SpecializedValue<int> bits, SpecializedValue<int> groupShift, SpecializedValue<int> hasOffset)
    {
        LaunchOverlap.AllowNext();
        int packWeights = 128 / bits, packs = inner / packWeights, lane = Warp.LaneIdx;
        ArrayView<long> rows = LocalMemory.Allocate<long>(Columns);
        ArrayView<float> sums = LocalMemory.Allocate<float>(Columns);
        ArrayView<CodePack> loaded = LocalMemory.Allocate<CodePack>(Columns * Steps);
        ArrayView<uint> factors = LocalMemory.Allocate<uint>(Columns * Steps);
        int first = (Grid.IdxX * Warps + (Group.IdxX >> 5)) * Columns;

        // w is of no earlier kernel: its first packs are on their way while the kernel before this one ends.
        SetRows(rows, first, columns);
        Load(codes, scales, rows, loaded, factors, lane, packs, packWeights, groupShift, hasOffset);
        LaunchOverlap.WaitForPrevious();
        IntegerRow row = IntegerRow.Shared(inner);
        row.Fill(a);
        Group.Barrier();
        for (; first < columns; first += Grid.DimX * Warps * Columns)
        {
            for (int j = 0; j < Columns; j++)
                sums[j] = 0f;
            Multiply(row, loaded, factors, sums, lane, packs, bits, hasOffset);
            for (int start = Steps * 32; start < packs; start += Steps * 32)
            {
                Load(codes, scales, rows, loaded, factors, start + lane, packs, packWeights, groupShift, hasOffset);
                Multiply(row, loaded, factors, sums, start + lane, packs, bits, hasOffset);
            }
            SetRows(rows, first + Grid.DimX * Warps * Columns, columns);
            Load(codes, scales, rows, loaded, factors, lane, packs, packWeights, groupShift, hasOffset);
            Write(c, sums, first, columns, lane);
        }
    }

    /// <summary>The rows of w of a warp's sums: gates first, then their up rows, where columns are pairs. Past the last it is repeated.</summary>
    static void SetRows(ArrayView<long> rows, int first, int columns)
    {
        const int gates = Columns / 2;
        for (int j = 0; j < Columns; j++)
        {
            int pair = GateUpOrder.GateRow(first / 2 + j % gates) + j / gates * GateUpOrder.Block;
            rows[j] = IntrinsicMath.Min(TEpilogue.Pairs ? pair : first + j, columns - 1);
        }
    }

    /// <summary>The sums over the lanes, and their outputs: lane j stores the warp's j-th.</summary>
    static void Write(ArrayView<TOut> c, ArrayView<float> sums, int first, int columns, int lane)
    {
        float s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3];
        WarpReduce.Sum4(ref s0, ref s1, ref s2, ref s3);
        if (TEpilogue.Pairs)
        {
            if (lane < Columns / 2 && first / 2 + lane < columns / 2)
                TEpilogue.Write(c, first / 2 + lane, lane == 0 ? s0 : s1, lane == 0 ? s2 : s3);
        }
        else if (lane < Columns && first + lane < columns)
        {
            TEpilogue.Write(c, first + lane, lane == 0 ? s0 : lane == 1 ? s1 : lane == 2 ? s2 : s3, 0f);
        }
    }

    /// <summary>Some packs of each column with their groups' scales. Past a row's end its last pack is read again.</summary>
    static void Load(ArrayView<CodePack> codes, ArrayView<Half> scales, ArrayView<long> rows, ArrayView<CodePack> loaded, ArrayView<uint> factors,
        int pack, int packs, int packWeights, SpecializedValue<int> groupShift, SpecializedValue<int> hasOffset)
    {
        for (int s = 0; s < Steps; s++)
            for (int j = 0; j < Columns; j++)
            {
                long at = rows[j] * packs + IntrinsicMath.Min(pack + s * 32, packs - 1);
                loaded[s * Columns + j] = codes[at];
                long group = at * packWeights >> groupShift;
                factors[s * Columns + j] = hasOffset != 0 ? scales.Cast<uint>()[group] : Interop.FloatAsInt(scales[group]);
            }
    }

    /// <summary>Adds the products of loaded packs with theirs of the row.</summary>
    static void Multiply(IntegerRow row, ArrayView<CodePack> loaded, ArrayView<uint> factors, ArrayView<float> sums, int pack, int packs,
        SpecializedValue<int> bits, SpecializedValue<int> hasOffset)
    {
        int blocks = row.Scales.IntLength;
        for (int s = 0; s < Steps; s++)
        {
            if (pack + s * 32 >= packs)
                break;
            int at = pack + s * 32, block = bits == 4 ? at : at >> 1, half = bits == 4 ? 0 : at & 1;
            float scale = row.Scales[block];
            int sum = row.Sums[2 * block + half] + (bits == 4 ? row.Sums[2 * block + 1] : 0);
            CodePack x0 = row.Packs[2 * half * blocks + block], x1 = row.Packs[(2 * half + 1) * blocks + block];
            CodePack x2 = bits == 4 ? row.Packs[2 * blocks + block] : x0, x3 = bits == 4 ? row.Packs[3 * blocks + block] : x0;
            for (int j = 0; j < Columns; j++)
            {
                CodePack w = loaded[s * Columns + j];
                int dot = bits == 4
                    ? Nibbles(w.D, x3, Nibbles(w.C, x2, Nibbles(w.B, x1, Nibbles(w.A, x0, 0))))
                    : DotProduct.Signed(x1.C, x1.D, w.D, DotProduct.Signed(x1.A, x1.B, w.C, DotProduct.Signed(x0.C, x0.D, w.B, DotProduct.Signed(x0.A, x0.B, w.A, 0))));
                uint factor = factors[s * Columns + j];
                float own = (float)Interop.IntAsFloat((ushort)factor);
                if (hasOffset != 0)
                    sums[j] += scale * (own * dot + (float)Interop.IntAsFloat((ushort)(factor >> 16)) * sum);
                else
                    sums[j] += scale * (own * (bits == 4 ? dot - 8 * sum : dot));
            }
        }
    }

    /// <summary>sum + the products of a word's eight codes with eight integers.</summary>
    static int Nibbles(uint word, CodePack x, int sum) =>
        DotProduct.Unsigned(x.C, x.D, (word >> 4) & 0x0F0F0F0Fu, DotProduct.Unsigned(x.A, x.B, word & 0x0F0F0F0Fu, sum));
}
