using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.MatMul.Epilogues;
using IlgpuDca.Kernels.Quantization;
using Half = ILGPU.Half;
using Size = ILGPU.Runtime.SpecializedValue<int>;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>
/// Product of one row with a plain or quantised matrix, as decoding needs it: bound by reading w once.
/// <code>c[n] = epilogue(sum over k of a[k] · w[n, k])</code>
/// </summary>
/// <remarks>
/// Shapes: a [inner]; w [columns, inner] as 16-byte packs, of codes or of the weights themselves; c [columns], or half
/// of them where columns are pairs.
/// Work: groups that stay, one on a multiprocessor, each with its share of the columns. A warp takes two at a time; its
/// lanes stride over their packs. What a lane will multiply it copies itself into its own places of a ring in shared
/// memory, so nobody waits for anybody. The ring is filled before the kernel waits for the one before it, and half of
/// the multiprocessor's shared memory is left for the kernel after it to do the same: memory is never idle long.
/// The row is put into shared memory once, as <see cref="IntegerRow"/> where codes are integers.
/// Traffic: codes and scales, or weights, once; the row from L2, once a multiprocessor.
/// </remarks>
static class RowStreamKernel<TPack, TOut, TEpilogue>
    where TPack : unmanaged, IPack<TPack>
    where TOut : unmanaged
    where TEpilogue : struct, IEpilogue<TOut>
{
    public const int GroupSize = 512, Resident = 2;

    /// <summary>What kind is where w is not quantised; else <see cref="QuantizedLayout.Kind"/>.</summary>
    public const int Plain = 3;

    /// <summary>Columns of a warp at a time, and packs of each that a lane has under way.</summary>
    public const int Columns = 2;
    const int Stages = 4;

    const int Warps = GroupSize / 32, Slots = Columns * Stages;

    /// <summary>Packs that a thread loads of the row at a time.</summary>
    const int RowLoads = 4;

    /// <summary>Packs of the ring, each with a word for its scale where codes are quantised.</summary>
    public const int RingPacks = GroupSize * Slots;

    public static void Kernel(ArrayView<TPack> a, ArrayView<CodePack> w, ArrayView<Half> scales, ArrayView<TOut> c,
        int columns, int packs, int pairsPerGroup, int pairsLeft, Size bits, Size groupShift, Size kind)
    {
        LaunchOverlap.AllowNext();
        int lane = Warp.LaneIdx, warp = Group.IdxX >> 5, group = Grid.IdxX;
        int first = group * pairsPerGroup + IntrinsicMath.Min(group, pairsLeft);
        int end = first + pairsPerGroup + (group < pairsLeft ? 1 : 0);
        ArrayView<CodePack> shared = SharedMemory.GetDynamic<CodePack>();
        ArrayView<uint> words = shared.SubView(RingPacks, shared.Length - RingPacks).Cast<uint>();
        int place = warp * (32 * Slots) + lane, scaleWords = kind == Plain ? 0 : RingPacks;
        ArrayView<CodePack> ring = shared.SubView(place, 32 * Slots - 31);
        ArrayView<uint> ringScales = kind == Plain ? words : words.SubView(place, 32 * Slots - 31);

        // w is of no earlier kernel: the ring fills while the kernel before this one ends.
        Place next = new(first + warp, lane), now = next;
        for (int stage = 0; stage < Stages; stage++)
            Copy(w, scales, ring, ringScales, ref next, stage, end, columns, packs, bits, groupShift, kind);
        LaunchOverlap.WaitForPrevious();
        bool isInteger = kind < QuantizedLayout.Float8;
        ArrayView<uint> rowWords = words.SubView(scaleWords, words.Length - scaleWords);
        IntegerRow integers = IntegerRow.In(rowWords, isInteger ? packs * (128 / bits) : 0);
        ArrayView<TPack> row = rowWords.Cast<TPack>();
        if (isInteger)
            integers.FillTogether(a);
        else
            CopyRow(a, row);
        Group.Barrier();

        ArrayView<float> sums = LocalMemory.Allocate<float>(4);
        Clear(sums);
        while (now.Pair < end)
            for (int stage = 0; stage < Stages; stage++)
            {
                if (now.Pair >= end)
                    break;
                AsyncCopy.Wait(Stages - 1);
                if (now.Pack < packs)
                    Multiply(row, integers, ring, ringScales, sums, now, columns, packs, stage, bits, groupShift, kind);
                Copy(w, scales, ring, ringScales, ref next, stage, end, columns, packs, bits, groupShift, kind);
                int pair = now.Pair;
                now.Advance(packs);
                if (now.Pair != pair)
                {
                    MatMulQuantizedVector<TPack, TOut, TEpilogue>.Write(c, sums, pair * Columns, columns, Columns, lane);
                    Clear(sums);
                }
            }
    }

    /// <summary>Where a lane is: at which pair of columns, and at which of their packs.</summary>
    struct Place(int pair, int lane)
    {
        public int Pair = pair, Pack = lane;

        public void Advance(int packs)
        {
            Pack += 32;
            if (Pack - Warp.LaneIdx < packs)
                return;
            Pack = Warp.LaneIdx;
            Pair += Warps;
        }

        /// <summary>The pack of w of a column. Past a row's end it is its last; past the last column, that one's.</summary>
        public readonly long Of(int column, int columns, int packs)
        {
            int row = MatMulQuantizedVector<TPack, TOut, TEpilogue>.Row(Pair * Columns, column, Columns);
            return (long)IntrinsicMath.Min(row, columns - 1) * packs + IntrinsicMath.Min(Pack, packs - 1);
        }
    }

    static void Clear(ArrayView<float> sums)
    {
        for (int j = 0; j < Columns; j++)
            sums[j] = 0f;
    }

    /// <summary>Asks for the next packs, and for the words with their groups' scales: one or two halves.</summary>
    static void Copy(ArrayView<CodePack> w, ArrayView<Half> scales, ArrayView<CodePack> ring, ArrayView<uint> ringScales,
        ref Place next, int stage, int end, int columns, int packs, Size bits, Size groupShift, Size kind)
    {
        if (next.Pair < end)
        {
            for (int j = 0; j < Columns; j++)
            {
                long at = next.Of(j, columns, packs);
                AsyncCopy.Copy(ref ring[Slot(stage, j)], ref w[at], AsyncCopy.Bytes);
                if (kind != Plain)
                    AsyncCopy.Copy(ref ringScales[Slot(stage, j)],
                        ref scales.Cast<uint>()[at * (128 / bits) >> (kind == 0 ? groupShift + 1 : groupShift)], sizeof(uint));
            }
            next.Advance(packs);
        }
        AsyncCopy.Commit();
    }

    static int Slot(int stage, int column) => 32 * (stage * Columns + column);

    static void CopyRow(ArrayView<TPack> a, ArrayView<TPack> row)
    {
        int packs = a.IntLength;
        ArrayView<TPack> loaded = LocalMemory.Allocate<TPack>(RowLoads);
        for (int start = Group.IdxX; start < packs; start += RowLoads * GroupSize)
        {
            for (int i = 0; i < RowLoads; i++)
                loaded[i] = a[IntrinsicMath.Min(start + i * GroupSize, packs - 1)];
            for (int i = 0; i < RowLoads; i++)
                if (start + i * GroupSize < packs)
                    row[start + i * GroupSize] = loaded[i];
        }
    }

    /// <summary>Adds the products of a stage's packs with theirs of the row.</summary>
    static void Multiply(ArrayView<TPack> row, IntegerRow integers, ArrayView<CodePack> ring, ArrayView<uint> ringScales,
        ArrayView<float> sums, Place now, int columns, int packs, int stage, Size bits, Size groupShift, Size kind)
    {
        if (kind == Plain)
        {
            TPack own = row[now.Pack];
            for (int j = 0; j < Columns; j++)
                sums[j] = default(TPack).Dot(ring.SubView(Slot(stage, j), 1).Cast<TPack>()[0], own, sums[j]);
            return;
        }
        ArrayView<CodePack> loaded = LocalMemory.Allocate<CodePack>(Columns);
        ArrayView<uint> factors = LocalMemory.Allocate<uint>(Columns);
        for (int j = 0; j < Columns; j++)
        {
            loaded[j] = ring[Slot(stage, j)];
            // Of a word with the scales of two groups the right half.
            int half = kind == 0 ? (int)(now.Of(j, columns, packs) * (128 / bits) >> groupShift) & 1 : 0;
            factors[j] = ringScales[Slot(stage, j)] >> (16 * half);
        }
        MatMulQuantizedVector<TPack, TOut, TEpilogue>.Multiply(
            row, integers, loaded, factors, sums, now.Pack, packs, bits, kind, Columns, 1);
    }
}
