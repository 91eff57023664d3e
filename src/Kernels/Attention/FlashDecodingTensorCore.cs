using System.Numerics;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Attention;

/// <summary>
/// Attention of one token on tensor cores, with the query heads that share a KV head as the columns of their tiles: where there are
/// several, or where keys are quantised, for then the instructions count and a product of 16 keys is one.
/// <code>scores [16 keys, 8 heads] = keys · queriesᵀ;   output [128, 8 heads] += valuesᵀ · weights</code>
/// </summary>
/// <remarks>
/// Shapes: as <see cref="FlashDecoding{T, TElement, TPack, TCache}"/> has them, in bf16 with heads of 128 elements.
/// Work: a warp takes a run of keys of one KV head, 16 at a time, with up to 8 query heads; its lanes load 16 bytes of 2 key rows and of
/// 4 value rows each, in the places where the tensor cores' operands need them, for the order of the summed elements is free. Weights
/// move to their lanes by 4 shuffles. What is older than the step comes ahead of the wait. A group's warps are joined in shared memory,
/// its part with the others' by the group that is done last.
/// Arithmetic: bfloat16 on a plain cache. Codes become 16-bit floats, exactly; so do queries, times the power of two that makes their
/// largest about 2^10, and weights times their value's scale, which are at most 1, for the running maximum m is that of these:
/// <code>m = max over j of s_j + log2 |scale_j|,   weight_j = 2^(s_j - m) · scale_j,   total = sum over j of 2^(s_j - m)</code>
/// Traffic: keys and values once, 16 loads of 16 bytes of a thread under way.
/// </remarks>
sealed class FlashDecodingTensorCore<TCache>(Accelerator accelerator)
    where TCache : unmanaged, ITensorCorePack<TCache>
{
    const int GroupSize = DecodingCombine.GroupSize;
    const int Warps = GroupSize / 32;

    /// <summary>Keys that a warp takes at once.</summary>
    const int Tile = DecodingTile<TCache>.Keys;

    const int MaxHeads = 8;
    const int HeadSize = 128;

    /// <summary>Words from one head's row of sums in shared memory to the next: two rows are 8 banks apart.</summary>
    const int RowWords = HeadSize + 4;

    /// <summary>Groups on a multiprocessor: codes leave more registers.</summary>
    static readonly int s_groups = default(TCache).IsScaled ? 4 : 3;

    /// <summary>Texts up to this long are cut alike.</summary>
    const int SmallestBucket = 512;

    /// <summary>Scales of values below this count as this in a maximum: 2^(s - m) stays finite.</summary>
    const float SmallestScale = 1e-18f;

    const int Packs = DecodingTile<TCache>.Packs;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<BFloat16x8>, KvRows<TCache>, KvRows<TCache>, ArrayView<int>, ArrayView<int>,
        DecodingScratch, ArrayView<BFloat16>, AttentionSizes> _kernel =
        accelerator.LoadKernel<ArrayView<BFloat16x8>, KvRows<TCache>, KvRows<TCache>, ArrayView<int>, ArrayView<int>,
            DecodingScratch, ArrayView<BFloat16>, AttentionSizes>(Kernel, new KernelSpecialization(GroupSize, s_groups));

    /// <summary>Whether it can, and is faster than a kernel without tensor cores.</summary>
    public static bool Supports(int heads, KvLayout layout) =>
        layout.HeadSize == HeadSize && heads / layout.KvHeads <= MaxHeads && (heads > layout.KvHeads || default(TCache).IsScaled);

    /// <summary>As <see cref="DecodingAttention{T, TCache}.Splits"/>: groups of a KV head that fill the machine once.</summary>
    public int Splits(int tokens, KvLayout layout)
    {
        long bucket = Math.Max(SmallestBucket, BitOperations.RoundUpToPowerOf2((uint)tokens));
        int fill = Math.Max(1, s_groups * accelerator.NumMultiprocessors / layout.KvHeads);
        return (int)Math.Min(Math.Min(fill, DecodingScratch.MaxSplits), (bucket + Warps * Tile - 1) / (Warps * Tile));
    }

    /// <summary>As <see cref="DecodingAttention{T, TCache}.Run"/>, sizes checked.</summary>
    public void Run(AcceleratorStream stream, ArrayView<BFloat16x8> queries, KvRows<TCache> keys, KvRows<TCache> values, ArrayView<int> pageTable,
        ArrayView<int> position, DecodingScratch scratch, ArrayView<BFloat16> output, int splits, AttentionSizes sizes)
    {
        KernelConfig config = new(new Index3D(splits, sizes.KvHeads, 1), new Index3D(GroupSize, 1, 1));
        _kernel(stream, config, queries, keys, values, pageTable, position, scratch, output, sizes);
    }

    static void Kernel(ArrayView<BFloat16x8> queries, KvRows<TCache> keys, KvRows<TCache> values, ArrayView<int> pageTable, ArrayView<int> position,
        DecodingScratch scratch, ArrayView<BFloat16> output, AttentionSizes sizes)
    {
        LaunchOverlap.BeginAhead();
        int lane = Warp.LaneIdx, g = lane >> 2, t = lane & 3, kvHead = Grid.IdxY;
        int heads = sizes.Heads / sizes.KvHeads, firstHead = kvHead * heads;
        ArrayView<float> sums = LocalMemory.Allocate<float>(32);
        ArrayView<BFloat16x8> query = LocalMemory.Allocate<BFloat16x8>(4);
        for (int i = 0; i < 32; i++)
            sums[i] = 0f;
        float max0 = float.NegativeInfinity, max1 = float.NegativeInfinity, total0 = 0f, total1 = 0f;

        // Runs are whole tiles on the text's grid, from the tile that the window begins in.
        int token = sizes.StartOf(position), count = token + 1, seen = sizes.FirstVisible(0, token, 1), start = seen / Tile * Tile;
        int workers = Grid.DimX * Warps, worker = Grid.IdxX * Warps + (Group.IdxX >> 5);
        int run = ((count - start - 1) / workers / Tile + 1) * Tile;
        // Groups without keys leave, and nobody waits for them.
        int groups = (count - start - 1) / (run * Warps) + 1;
        if (Grid.IdxX >= groups)
            return;
        int first = IntrinsicMath.Max(start + worker * run, seen), end = IntrinsicMath.Min(start + (worker + 1) * run, count);
        int chunk = token / sizes.ChunkLength;
        float scale = sizes.Scale * XMath.Log2E;
        bool hasWaited = false;
        for (int variant = sizes.Variants - 1; variant >= 0; variant--)
        {
            int low = variant == (int)DcaRelation.Inter ? 0 : (chunk - variant) * sizes.ChunkLength;
            int high = variant == (int)DcaRelation.Intra ? count : (chunk - variant + 1) * sizes.ChunkLength;
            low = IntrinsicMath.Max(low, first);
            high = IntrinsicMath.Min(high, end);
            if (low >= high)
                continue;
            int tile = low / Tile * Tile, page = pageTable[low >> KvLayout.PageShift];
            DecodingTile<TCache> loaded = DecodingTile<TCache>.Allocate();
            // All keys but the query's own are older than the step, and so is the text's length: a warp's first tile comes during the wait.
            bool isLoaded = !hasWaited && tile + Tile <= token;
            if (isLoaded)
                loaded.Load(keys, values, Rows(page, kvHead, tile, sizes), Lowest(tile, low), Highest(tile, high));
            if (!hasWaited)
                LaunchOverlap.WaitForPrevious();
            hasWaited = true;
            for (int i = 0; i < 4; i++)
                query[i] = queries[(variant * sizes.Heads + firstHead + IntrinsicMath.Min(g, heads - 1)) * Packs + 4 * i + t];
            if (!isLoaded)
                loaded.Load(keys, values, Rows(page, kvHead, tile, sizes), Lowest(tile, low), Highest(tile, high));
            float scale0 = scale, scale1 = scale;
            if (default(TCache).IsScaled)
            {
                float unit = ToHalves(query);
                scale0 *= Warp.Shuffle(unit, 8 * t);
                scale1 *= Warp.Shuffle(unit, 8 * t + 4);
            }
            while (true)
            {
                // A tile lies in one page, looked up during the tile before.
                page = pageTable[IntrinsicMath.Min(tile + Tile, high - 1) >> KvLayout.PageShift];
                Multiply(loaded, query, sums, Lowest(tile, low), Highest(tile, high), scale0, scale1, g, t,
                    ref max0, ref max1, ref total0, ref total1);
                tile += Tile;
                if (tile >= high)
                    break;
                loaded.Load(keys, values, Rows(page, kvHead, tile, sizes), Lowest(tile, low), Highest(tile, high));
            }
        }
        // A warp without keys has nothing to wait for but what the others write to.
        if (!hasWaited)
            LaunchOverlap.WaitForPrevious();
        Merge(scratch.Partial, output, sums, groups, sizes, firstHead, heads, g, t, max0, max1, total0, total1);
        if (groups > 1)
            DecodingCombine.Run<BFloat16, BFloat16Element>(scratch, output, groups, groups, firstHead, heads, sizes.Heads, HeadSize);
    }

    /// <summary>The row of a tile's first key.</summary>
    static long Rows(int page, int kvHead, int tile, AttentionSizes sizes) =>
        ((long)page * sizes.KvHeads + kvHead) * KvLayout.PageTokens + (tile & (KvLayout.PageTokens - 1));

    /// <summary>The first and the last key of a tile in a range.</summary>
    static int Lowest(int tile, int low) => IntrinsicMath.Max(low - tile, 0);

    static int Highest(int tile, int high) => IntrinsicMath.Min(high - tile, Tile) - 1;

    /// <summary>One tile of keys into the warp's sums.</summary>
    static void Multiply(DecodingTile<TCache> tile, ArrayView<BFloat16x8> query, ArrayView<float> sums, int lowest, int highest,
        float scale0, float scale1, int g, int t, ref float max0, ref float max1, ref float total0, ref float total1)
    {
        bool isUpper = (g >= lowest) & (g <= highest), isLower = (g + 8 >= lowest) & (g + 8 <= highest);
        float upperWeight = isUpper ? tile.Scales[2] : 0f, lowerWeight = isLower ? tile.Scales[3] : 0f;
        float s0 = 0f, s1 = 0f, s2 = 0f, s3 = 0f;
        for (int i = 0; i < 4; i++)
        {
            BFloat16x8 a = tile.Upper[i].Codes(), b = tile.Lower[i].Codes();
            MultiplyAdd(ref s0, ref s1, ref s2, ref s3, a.A, b.A, a.B, b.B, query[i].A, query[i].B);
            MultiplyAdd(ref s0, ref s1, ref s2, ref s3, a.C, b.C, a.D, b.D, query[i].C, query[i].D);
        }
        s0 = isUpper ? s0 * (scale0 * tile.Scales[0]) : float.NegativeInfinity;
        s1 = isUpper ? s1 * (scale1 * tile.Scales[0]) : float.NegativeInfinity;
        s2 = isLower ? s2 * (scale0 * tile.Scales[1]) : float.NegativeInfinity;
        s3 = isLower ? s3 * (scale1 * tile.Scales[1]) : float.NegativeInfinity;
        float upperShift = Shift(upperWeight), lowerShift = Shift(lowerWeight);
        float new0 = XMath.Max(max0, XMath.Max(s0 + upperShift, s2 + lowerShift)), new1 = XMath.Max(max1, XMath.Max(s1 + upperShift, s3 + lowerShift));
        for (int mask = 4; mask < 32; mask <<= 1)
        {
            new0 = XMath.Max(new0, Warp.ShuffleXor(new0, mask));
            new1 = XMath.Max(new1, Warp.ShuffleXor(new1, mask));
        }
        // Every tile has a key in its range, so the new maxima are finite.
        float shrink0 = XMath.Exp2(max0 - new0), shrink1 = XMath.Exp2(max1 - new1);
        max0 = new0;
        max1 = new1;
        s0 = XMath.Exp2(s0 - new0);
        s1 = XMath.Exp2(s1 - new1);
        s2 = XMath.Exp2(s2 - new0);
        s3 = XMath.Exp2(s3 - new1);
        total0 = total0 * shrink0 + s0 + s2;
        total1 = total1 * shrink1 + s1 + s3;
        uint b0 = Column(Pack(s0 * upperWeight, s1 * upperWeight), g, t), b1 = Column(Pack(s2 * lowerWeight, s3 * lowerWeight), g, t);
        if (shrink0 != 1f || shrink1 != 1f)
            for (int d = 0; d < 8; d++)
            {
                sums[d * 4] *= shrink0;
                sums[d * 4 + 1] *= shrink1;
                sums[d * 4 + 2] *= shrink0;
                sums[d * 4 + 3] *= shrink1;
            }
        ArrayView<BFloat16x8> v = LocalMemory.Allocate<BFloat16x8>(8);
        for (int r = 0; r < 8; r++)
            v[r] = tile.Values[r].Codes();
        for (int d = 0; d < 8; d++)
        {
            float c0 = sums[d * 4], c1 = sums[d * 4 + 1], c2 = sums[d * 4 + 2], c3 = sums[d * 4 + 3];
            MultiplyAdd(ref c0, ref c1, ref c2, ref c3, Pair(v[0], v[1], d), Pair(v[4], v[5], d), Pair(v[2], v[3], d), Pair(v[6], v[7], d), b0, b1);
            sums[d * 4] = c0;
            sums[d * 4 + 1] = c1;
            sums[d * 4 + 2] = c2;
            sums[d * 4 + 3] = c3;
        }
    }

    /// <summary>Four packs of a query as 16-bit floats times a power of two, whose reciprocal comes back.</summary>
    static float ToHalves(ArrayView<BFloat16x8> query)
    {
        float largest = 0f;
        for (int i = 0; i < 4; i++)
            for (int e = 0; e < 8; e++)
                largest = XMath.Max(largest, XMath.Abs(query[i].Element(e)));
        largest = XMath.Max(largest, Warp.ShuffleXor(largest, 1));
        largest = XMath.Max(largest, Warp.ShuffleXor(largest, 2));
        // The power of two below the largest, 2^-116 or more, and what makes 2^10 of it.
        uint power = IntrinsicMath.Max(Interop.FloatAsInt(largest) & 0x7F800000u, 11u << 23);
        float factor = Interop.IntAsFloat((264u << 23) - power);
        for (int i = 0; i < 4; i++)
            query[i] = new BFloat16x8(
                PairOf(query[i], 0, factor), PairOf(query[i], 1, factor), PairOf(query[i], 2, factor), PairOf(query[i], 3, factor));
        return Interop.IntAsFloat(power - (10u << 23));
    }

    /// <summary>The two elements of a query that meet a word of <see cref="ITensorCorePack{TPack}.Codes"/>.</summary>
    static uint PairOf(BFloat16x8 query, int word, float factor) => HalfPair.Pack(
        query.Element(default(TCache).ElementAt(2 * word)) * factor, query.Element(default(TCache).ElementAt(2 * word + 1)) * factor);

    static void MultiplyAdd(ref float c0, ref float c1, ref float c2, ref float c3, uint a0, uint a1, uint a2, uint a3, uint b0, uint b1)
    {
        if (default(TCache).IsScaled)
            HalfTensorCore.MultiplyAdd(ref c0, ref c1, ref c2, ref c3, a0, a1, a2, a3, b0, b1);
        else
            TensorCore.MultiplyAdd(ref c0, ref c1, ref c2, ref c3, a0, a1, a2, a3, b0, b1);
    }

    static uint Pack(float low, float high) => default(TCache).IsScaled ? HalfPair.Pack(low, high) : BFloat16Pair.Pack(low, high);

    /// <summary>What a value's scale adds to its score in the maximum.</summary>
    static float Shift(float scale) => default(TCache).IsScaled ? XMath.Log2(XMath.Max(XMath.Abs(scale), SmallestScale)) : 0f;

    /// <summary>Of weights [8 keys, 8 heads], held as a key's two heads, those of keys 2t and 2t + 1 for head g.</summary>
    static uint Column(uint heads, int g, int t)
    {
        uint first = Warp.Shuffle(heads, 8 * t + (g >> 1)), second = Warp.Shuffle(heads, 8 * t + 4 + (g >> 1));
        return (g & 1) == 0 ? (first & 0xFFFFu) | (second << 16) : (first >> 16) | (second & 0xFFFF0000u);
    }

    /// <summary>One element of two rows, the first in the low half.</summary>
    static uint Pair(BFloat16x8 first, BFloat16x8 second, int element)
    {
        uint a = element < 2 ? first.A : element < 4 ? first.B : element < 6 ? first.C : first.D;
        uint b = element < 2 ? second.A : element < 4 ? second.B : element < 6 ? second.C : second.D;
        return element % 2 == 0 ? (a & 0xFFFFu) | (b << 16) : (a >> 16) | (b & 0xFFFF0000u);
    }

    /// <summary>
    /// The softmaxes of the group's warps become one: the output itself where it is the only part, else a part for
    /// <see cref="DecodingCombine"/>.
    /// </summary>
    static void Merge(ArrayView<float> partial, ArrayView<BFloat16> output, ArrayView<float> sums, int groups, AttentionSizes sizes,
        int firstHead, int heads, int g, int t, float max0, float max1, float total0, float total1)
    {
        ArrayView<float> rows = SharedMemory.Allocate<float>(Warps * MaxHeads * RowWords);
        ArrayView<float> maxima = SharedMemory.Allocate<float>(Warps * MaxHeads), totals = SharedMemory.Allocate<float>(Warps * MaxHeads);
        int warp = Group.IdxX >> 5;
        for (int mask = 4; mask < 32; mask <<= 1)
        {
            total0 += Warp.ShuffleXor(total0, mask);
            total1 += Warp.ShuffleXor(total1, mask);
        }
        if (g == 0)
            for (int h = 0; h < 2; h++)
            {
                maxima[warp * MaxHeads + 2 * t + h] = h == 0 ? max0 : max1;
                totals[warp * MaxHeads + 2 * t + h] = h == 0 ? total0 : total1;
            }
        for (int h = 0; h < 2; h++)
            for (int d = 0; d < 8; d++)
            {
                // Element 8g + e of a half of the head lies at 8e + g, where neighbouring lanes meet different banks.
                int place = (warp * MaxHeads + 2 * t + h) * RowWords + 8 * default(TCache).ElementAt(d) + g;
                rows[place] = sums[d * 4 + h];
                rows[place + 64] = sums[d * 4 + 2 + h];
            }
        Group.Barrier();
        int column = Group.IdxX, own = (column & 64) + 8 * (column & 7) + (column >> 3 & 7);
        for (int h = 0; h < heads; h++)
        {
            // Warps without keys have a maximum of minus infinity; the group's first one has keys.
            float max = float.NegativeInfinity, total = 0f, sum = 0f;
            for (int w = 0; w < Warps; w++)
                max = XMath.Max(max, maxima[w * MaxHeads + h]);
            for (int w = 0; w < Warps; w++)
            {
                float factor = XMath.Exp2(maxima[w * MaxHeads + h] - max);
                total += factor * totals[w * MaxHeads + h];
                sum += factor * rows[(w * MaxHeads + h) * RowWords + own];
            }
            if (groups == 1)
                output[(firstHead + h) * HeadSize + column] = default(BFloat16Element).Store(sum / total);
            else
                partial[DecodingScratch.Sums(Grid.IdxX, firstHead + h, sizes.Heads, HeadSize) + column] = sum;
            if (groups == 1 || column != 0)
                continue;
            long at = DecodingScratch.Exponent(Grid.IdxX, firstHead + h, sizes.Heads, HeadSize);
            partial[at] = max;
            partial[at + 1] = total;
        }
    }
}
