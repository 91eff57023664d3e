using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Attention;

/// <summary>
/// <see cref="FlashAttention{T, TElement, TCache}"/> on the tensor cores (sm_80 and newer), after FlashAttention-2 (arXiv
/// 2307.08691): bfloat16 operands, float32 scores and sums.
/// <code>o[i] = sum over j &lt;= i of softmax_j(scale · q_r(i,j)[i] · k[j]) v[j],   r = the relation of i and j</code>
/// </summary>
/// <remarks>
/// Shapes: as there; headSize a multiple of 16 up to 160.
/// Work: a group of 4 warps computes 128 queries of one head against 64 keys at a time, a warp 32 of the queries as two tiles of
/// m16n8k16, so that each fragment of keys and values serves both. Values are copied while keys are multiplied, the next keys while
/// weights and values are. A score fragment, exponentiated and rounded to bfloat16, is a fragment of the weights as it stands. Where
/// registers (head sizes above 128) or shared memory do not allow it, a group has 64 queries, a warp's in registers.
/// Traffic: keys and values are read once for each 128 queries, in 16-byte copies, from L2 where the text fits.
/// </remarks>
public sealed class FlashAttentionTensorCore<TCache>(Accelerator accelerator) : PrefillAttention<BFloat16, TCache>
    where TCache : unmanaged, ITensorCorePack<TCache>
{
    const int GroupSize = 128, Warps = GroupSize / 32;

    /// <summary>Queries of a group for each 16 of a warp.</summary>
    const int Rows = Warps * 16;

    /// <summary>Keys of a step, and tiles of 8 of them.</summary>
    const int Keys = 64, KeyTiles = Keys / 8;

    /// <summary>Rows that a group copies at a time, a block of 4 packs of each.</summary>
    const int CopyRows = GroupSize / FragmentTile.BlockPacks;

    /// <summary>What a group knows of its tile: its first query, the position after its last, the chunk's first, its head and KV head.</summary>
    const int First = 0, End = 1, ChunkStart = 2, Head = 3, KvHead = 4, TileFacts = 5;

    /// <summary>The largest head size of which two tiles of queries leave room for their scores in a thread's registers.</summary>
    const int TwoTilesLimit = 128;

    /// <summary>The largest head size whose sums are multiplied even where the maximum stays.</summary>
    const int RescaleAlways = 64;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<BFloat16x8>, KvRows<TCache>, KvRows<TCache>, ArrayView<int>, ArrayView<uint>, AttentionSizes, int, int, float, SpecializedValue<int>, SpecializedValue<int>> _kernel =
        accelerator.LoadKernel<ArrayView<BFloat16x8>, KvRows<TCache>, KvRows<TCache>, ArrayView<int>, ArrayView<uint>, AttentionSizes, int, int, float, SpecializedValue<int>, SpecializedValue<int>>(Kernel);

    /// <summary>Whether the tiles of this head size fit into 48 KB of shared memory.</summary>
    public static bool Supports(int headSize) => headSize % 16 == 0 && headSize <= 160;

    public override void Run(AcceleratorStream stream, ArrayView<BFloat16> queries, KvRows<TCache> keys, KvRows<TCache> values, ArrayView<int> pageTable,
        ArrayView<BFloat16> output, int start, int tokens, int heads, KvLayout layout, DcaGeometry geometry, float scale)
    {
        AttentionSizes sizes = new(start, tokens, heads, layout, geometry, scale);
        sizes.Check(queries.Length, pageTable.Length, output.Length);
        if (!Supports(layout.HeadSize))
            throw new ArgumentException($"FlashAttentionTensorCore: the head size is {layout.HeadSize}; it must be a multiple of 16 up to 160.");
        int rowTiles = RowTiles(layout.HeadSize);
        int tiles = sizes.Tiles(rowTiles * Rows);
        KernelConfig config = new(tiles * heads, GroupSize, SharedMemoryConfig.RequestDynamic<BFloat16x8>(SharedPacks(layout.HeadSize, rowTiles)));
        _kernel(stream, config, queries.Cast<BFloat16x8>(), keys, values, pageTable, output.Cast<uint>(), sizes, tiles, HeadsTogether(start + tokens, heads, layout), scale * XMath.Log2E, SpecializedValue.New(layout.HeadSize), SpecializedValue.New(rowTiles));
    }

    /// <summary>Tiles of 16 queries of a warp: two where they fit.</summary>
    int RowTiles(int headSize)
    {
#if ILGPU_PACKAGE
        return 1;
#else
        return headSize <= TwoTilesLimit && SharedPacks(headSize, 2) * 16 <= accelerator.MaxSharedMemoryPerGroup ? 2 : 1;
#endif
    }

    /// <summary>
    /// Heads whose rows are worked on together, the longest first: all, but of long texts those of few KV heads, so that the groups
    /// that run at once read the same keys.
    /// </summary>
    int HeadsTogether(int keys, int heads, KvLayout layout)
    {
        const int longText = 8, fewKvHeads = 2;
        long cacheBytes = 2L * keys * layout.KvHeads * layout.HeadSize / default(TCache).Count * Interop.SizeOf<TCache>();
        bool isLong = accelerator is CudaAccelerator cuda && cacheBytes > longText * (long)cuda.L2CacheSize;
        return isLong ? Math.Min(fewKvHeads, layout.KvHeads) * (heads / layout.KvHeads) : heads;
    }

    /// <summary>Keys, values, and the queries where a warp has two tiles of them.</summary>
    static int SharedPacks(int headSize, int rowTiles) => 2 * FragmentTile.Packs(Keys, headSize / 8) + (rowTiles == 1 ? 0 : FragmentTile.Packs(rowTiles * Rows, headSize / 8));

    static void Kernel(ArrayView<BFloat16x8> queries, KvRows<TCache> keys, KvRows<TCache> values, ArrayView<int> pageTable, ArrayView<uint> output,
        AttentionSizes sizes, int tiles, int headsTogether, float scale, SpecializedValue<int> headSize, SpecializedValue<int> rowTiles)
    {
        int keyPacks = FragmentTile.Packs(Keys, headSize / 8), tile = rowTiles * Rows;
        ArrayView<BFloat16x8> shared = SharedMemory.GetDynamic<BFloat16x8>();
        ArrayView<BFloat16x8> keyTile = shared.SubView(0, keyPacks), valueTile = shared.SubView(keyPacks, keyPacks), queryTile = shared.SubView(2 * keyPacks);
        ArrayView<uint> query = LocalMemory.Allocate<uint>(headSize / 16 * 4);
        ArrayView<float> scores = LocalMemory.Allocate<float>(rowTiles * KeyTiles * 4), sums = LocalMemory.Allocate<float>(rowTiles * headSize / 2);
        ArrayView<float> maxima = LocalMemory.Allocate<float>(rowTiles * 2), totals = LocalMemory.Allocate<float>(rowTiles * 2);
        for (int i = 0; i < rowTiles * headSize / 2; i++)
            sums[i] = 0f;
        for (int i = 0; i < rowTiles * 2; i++)
        {
            maxima[i] = float.NegativeInfinity;
            totals[i] = 0f;
        }

        // Longest rows first, so that the last groups of some heads to start are the short ones.
        int band = Grid.IdxX / (tiles * headsTogether) * headsTogether, inBand = Grid.IdxX - band * tiles, together = IntrinsicMath.Min(headsTogether, sizes.Heads - band);
        // In shared memory: a thread has no registers left for what is the same in all of them and seldom read.
        ArrayView<int> facts = SharedMemory.Allocate<int>(TileFacts);
        if (Group.IdxX == 0)
            WriteFacts(facts, sizes, tiles - 1 - inBand / together, tile, band + inBand % together);
        Group.Barrier();
        int warpRow = (Group.IdxX >> 5) * (rowTiles * 16), warpLine = warpRow + (Warp.LaneIdx >> 2), pair = Warp.LaneIdx & 3;

        for (int variant = sizes.Variants - 1; variant >= 0; variant--)
        {
            int first = facts[First], end = facts[End], chunkStart = facts[ChunkStart];
            int rangeStart = variant == 0 ? chunkStart : variant == 1 ? IntrinsicMath.Max(chunkStart - sizes.ChunkLength, 0) : 0;
            int rangeEnd = variant == 0 ? end : variant == 1 ? chunkStart : chunkStart - sizes.ChunkLength;
            rangeStart = sizes.FirstVisible(rangeStart, first, tile);
            if (rangeStart >= rangeEnd)
                continue;
            // Steps that start later have keys past the range or a query.
            int unmasked = (variant == 0 ? IntrinsicMath.Min(first, rangeEnd) : rangeEnd) - Keys;
            if (rowTiles == 1)
                LoadQueries(queries.Cast<uint>(), query, sizes, variant, facts[Head], first + warpLine, end, pair, headSize);
            else
                FetchQueries(queries, queryTile, sizes, variant, facts[Head], first, end, headSize, rowTiles);
            Fetch(keys, keyTile, pageTable, sizes, facts[KvHead], rangeStart, rangeEnd, headSize);

            for (int key = rangeStart; key < rangeEnd; key += Keys)
            {
                // The keys are there, and nobody reads the values before.
                TileCopy.Wait(0);
                Group.Barrier();
                Fetch(values, valueTile, pageTable, sizes, facts[KvHead], key, rangeEnd, headSize);
                Score(scores, query, queryTile, keyTile, warpRow, headSize, rowTiles);
                // The values are there, and nobody reads the keys any more.
                TileCopy.Wait(0);
                Group.Barrier();
                if (key + Keys < rangeEnd)
                    Fetch(keys, keyTile, pageTable, sizes, facts[KvHead], key + Keys, rangeEnd, headSize);

                if (key > unmasked || key <= facts[End] - 1 - sizes.Window)
                    Mask(scores, key + 2 * pair, rangeEnd, variant == 0, facts[First] + warpLine, sizes.Window, rowTiles);
                for (int m = 0; m < rowTiles; m++)
                    Soften(scores.SubView(m * KeyTiles * 4, KeyTiles * 4), maxima, totals, sums.SubView(m * (headSize / 2), headSize / 2), m, scale, headSize);
                AddValues(sums, scores, valueTile, headSize, rowTiles);
            }
        }

        for (int m = 0; m < rowTiles; m++)
        {
            WarpReduce.SumOf4(ref totals[m * 2], ref totals[m * 2 + 1]);
            for (int half = 0; half < 2; half++)
                WriteRow(sums.SubView(m * (headSize / 2) + half * 2, headSize / 2 - half * 2), output, sizes, facts[Head], facts[First] + warpLine + m * 16 + half * 8, facts[End], pair, 1f / totals[m * 2 + half], headSize);
        }
    }

    static void WriteFacts(ArrayView<int> facts, AttentionSizes sizes, int tileIndex, int tile, int head)
    {
        int first = sizes.TileStart(tileIndex, tile);
        facts[First] = first;
        facts[End] = sizes.TileEnd(first, tile);
        facts[ChunkStart] = first / sizes.ChunkLength * sizes.ChunkLength;
        facts[Head] = head;
        facts[KvHead] = head / (sizes.Heads / sizes.KvHeads);
    }

    /// <summary>This lane's part of its warp's 16 queries, for one rotation; zeros past the tile's end.</summary>
    static void LoadQueries(ArrayView<uint> queries, ArrayView<uint> query, AttentionSizes sizes, int variant, int head, int row, int end, int pair, SpecializedValue<int> headSize)
    {
        long upper = (((long)variant * sizes.Tokens + (row - sizes.Start)) * sizes.Heads + head) * (headSize / 2) + pair;
        long lower = upper + 8L * sizes.Heads * (headSize / 2);
        for (int k = 0; k < headSize / 16; k++)
        {
            query[k * 4] = row < end ? queries[upper + k * 8] : 0u;
            query[k * 4 + 1] = row + 8 < end ? queries[lower + k * 8] : 0u;
            query[k * 4 + 2] = row < end ? queries[upper + k * 8 + 4] : 0u;
            query[k * 4 + 3] = row + 8 < end ? queries[lower + k * 8 + 4] : 0u;
        }
    }

    /// <summary>The group's queries, for one rotation; zeros past the tile's end.</summary>
    static void FetchQueries(ArrayView<BFloat16x8> queries, ArrayView<BFloat16x8> tile, AttentionSizes sizes, int variant, int head, int first, int end, SpecializedValue<int> headSize, SpecializedValue<int> rowTiles)
    {
        int copyRow = Group.IdxX >> 2, place = FragmentTile.InBlock(copyRow, Group.IdxX & (FragmentTile.BlockPacks - 1));
        for (int part = 0; part < rowTiles * Rows / CopyRows; part++)
        {
            int token = first + part * CopyRows + copyRow;
            long start = (((long)variant * sizes.Tokens + (IntrinsicMath.Min(token, end - 1) - sizes.Start)) * sizes.Heads + head) * (headSize / 8);
            CopyRow(queries, start, token < end, tile, rowTiles * Rows, place + part * (CopyRows * FragmentTile.BlockPacks), headSize);
        }
    }

    /// <summary>Keys or values of a step, zeros past the range.</summary>
    static void Fetch(KvRows<TCache> rows, ArrayView<BFloat16x8> tile, ArrayView<int> pageTable, AttentionSizes sizes, int kvHead, int key, int rangeEnd, SpecializedValue<int> headSize)
    {
        int copyRow = Group.IdxX >> 2, copyPlace = FragmentTile.InBlock(copyRow, Group.IdxX & (FragmentTile.BlockPacks - 1));
        // A step lies on one page, or on two.
        int nextStart = (key | (KvLayout.PageTokens - 1)) + 1, page = pageTable[key >> KvLayout.PageShift], next = page;
        if (nextStart < key + Keys && nextStart < rangeEnd)
            next = pageTable[nextStart >> KvLayout.PageShift];
        for (int part = 0; part < Keys / CopyRows; part++)
        {
            int token = key + part * CopyRows + copyRow;
            bool exists = token < rangeEnd;
            int source = exists ? token : key;
            long place = KvLayout.Row(source < nextStart ? page : next, sizes.KvHeads, kvHead, source, 1);
            if (default(TCache).IsScaled)
                ConvertRow(rows, place, exists, tile, copyPlace + part * (CopyRows * FragmentTile.BlockPacks), headSize);
            else
                CopyRow(rows.Packs.Cast<BFloat16x8>(), place * (headSize / 8), exists, tile, Keys, copyPlace + part * (CopyRows * FragmentTile.BlockPacks), headSize);
        }
        TileCopy.Commit();
    }

    /// <summary>This thread's packs of a row: one of each block, in the first at a given place.</summary>
    static void CopyRow(ArrayView<BFloat16x8> source, long start, bool exists, ArrayView<BFloat16x8> tile, int rows, int place, SpecializedValue<int> headSize)
    {
        int inBlock = Group.IdxX & (FragmentTile.BlockPacks - 1), packs = headSize / 8;
        for (int pack = 0; pack < packs; pack += FragmentTile.BlockPacks)
        {
            // The last block may be half a row's.
            bool isWhole = pack + FragmentTile.BlockPacks <= packs, isInside = isWhole || pack + inBlock < packs;
            TileCopy.Copy(tile, place + pack * rows, source, start + (isInside ? inBlock : 0) + pack, exists && isInside);
        }
    }

    /// <summary>The same for a quantised row, times its scale.</summary>
    static void ConvertRow(KvRows<TCache> rows, long place, bool exists, ArrayView<BFloat16x8> tile, int firstPlace, SpecializedValue<int> headSize)
    {
        int inBlock = Group.IdxX & (FragmentTile.BlockPacks - 1), packs = headSize / 8;
        float scale = rows.Scale(place);
        for (int pack = 0; pack < packs; pack += FragmentTile.BlockPacks)
        {
            bool isWhole = pack + FragmentTile.BlockPacks <= packs;
            BFloat16x8 value = default;
            if (exists && (isWhole || pack + inBlock < packs))
                value = rows.Packs[place * packs + (pack + inBlock)].Values(scale);
            tile[firstPlace + pack * Keys] = value;
        }
    }

    /// <summary>scores = queries · keys.</summary>
    static void Score(ArrayView<float> scores, ArrayView<uint> query, ArrayView<BFloat16x8> queryTile, ArrayView<BFloat16x8> keyTile, int warpRow, SpecializedValue<int> headSize, SpecializedValue<int> rowTiles)
    {
        ArrayView<uint> rows = LocalMemory.Allocate<uint>(rowTiles * 4);
        for (int i = 0; i < rowTiles * KeyTiles * 4; i++)
            scores[i] = 0f;
        for (int k = 0; k < headSize / 16; k++)
        {
            for (int m = 0; m < rowTiles; m++)
                if (rowTiles == 1)
                    for (int i = 0; i < 4; i++)
                        rows[i] = query[k * 4 + i];
                else
                    FragmentTile.Load(queryTile, rowTiles * Rows, warpRow + m * 16, k * 2, out rows[m * 4], out rows[m * 4 + 1], out rows[m * 4 + 2], out rows[m * 4 + 3]);
            for (int n = 0; n < KeyTiles; n += 2)
            {
                FragmentTile.LoadColumns(keyTile, Keys, n * 8, k * 2, out uint x0, out uint x1, out uint x2, out uint x3);
                for (int m = 0; m < rowTiles; m++)
                {
                    MultiplyAdd(scores.SubView((m * KeyTiles + n) * 4, 4), rows[m * 4], rows[m * 4 + 1], rows[m * 4 + 2], rows[m * 4 + 3], x0, x1);
                    MultiplyAdd(scores.SubView((m * KeyTiles + n) * 4 + 4, 4), rows[m * 4], rows[m * 4 + 1], rows[m * 4 + 2], rows[m * 4 + 3], x2, x3);
                }
            }
        }
    }

    /// <summary>-infinity for keys past the range, before a query's window and, in the query's own chunk, past the query.</summary>
    static void Mask(ArrayView<float> scores, int key, int rangeEnd, bool isOwnChunk, int row, int window, SpecializedValue<int> rowTiles)
    {
        for (int m = 0; m < rowTiles; m++)
            for (int half = 0; half < 2; half++)
            {
                int token = row + m * 16 + half * 8, last = isOwnChunk ? IntrinsicMath.Min(token, rangeEnd - 1) : rangeEnd - 1;
                for (int n = 0; n < KeyTiles; n++)
                    for (int side = 0; side < 2; side++)
                        // Without a branch between the two conditions.
                        if (key + n * 8 + side > last | key + n * 8 + side <= token - window)
                            scores[(m * KeyTiles + n) * 4 + half * 2 + side] = float.NegativeInfinity;
            }
    }

    /// <summary>Makes weights of the scores of 16 queries, and shrinks what was summed before to the new maximum.</summary>
    static void Soften(ArrayView<float> scores, ArrayView<float> maxima, ArrayView<float> totals, ArrayView<float> sums, int m, float scale, SpecializedValue<int> headSize)
    {
        float upper = maxima[m * 2], lower = maxima[m * 2 + 1];
        for (int n = 0; n < KeyTiles; n++)
        {
            upper = XMath.Max(upper, XMath.Max(scores[n * 4], scores[n * 4 + 1]));
            lower = XMath.Max(lower, XMath.Max(scores[n * 4 + 2], scores[n * 4 + 3]));
        }
        WarpReduce.MaxOf4(ref upper, ref lower);
        // A row of which nothing is visible yet has the maximum -infinity: 0 in its place gives weights of 2^-infinity.
        float shiftUpper = upper == float.NegativeInfinity ? 0f : upper * scale, shiftLower = lower == float.NegativeInfinity ? 0f : lower * scale;
        float shrinkUpper = upper == maxima[m * 2] ? 1f : PowerOfTwo.Of((maxima[m * 2] - upper) * scale);
        float shrinkLower = lower == maxima[m * 2 + 1] ? 1f : PowerOfTwo.Of((maxima[m * 2 + 1] - lower) * scale);
        maxima[m * 2] = upper;
        maxima[m * 2 + 1] = lower;

        float totalUpper = totals[m * 2] * shrinkUpper, totalLower = totals[m * 2 + 1] * shrinkLower;
        for (int n = 0; n < KeyTiles; n++)
        {
            scores[n * 4] = PowerOfTwo.Of(scores[n * 4] * scale - shiftUpper);
            scores[n * 4 + 1] = PowerOfTwo.Of(scores[n * 4 + 1] * scale - shiftUpper);
            scores[n * 4 + 2] = PowerOfTwo.Of(scores[n * 4 + 2] * scale - shiftLower);
            scores[n * 4 + 3] = PowerOfTwo.Of(scores[n * 4 + 3] * scale - shiftLower);
            totalUpper += scores[n * 4] + scores[n * 4 + 1];
            totalLower += scores[n * 4 + 2] + scores[n * 4 + 3];
        }
        totals[m * 2] = totalUpper;
        totals[m * 2 + 1] = totalLower;
        // After the first steps a maximum seldom grows; a branch costs more than few multiplications.
        if (headSize > RescaleAlways && shrinkUpper == 1f && shrinkLower == 1f)
            return;
        for (int n = 0; n < headSize / 8; n++)
        {
            sums[n * 4] *= shrinkUpper;
            sums[n * 4 + 1] *= shrinkUpper;
            sums[n * 4 + 2] *= shrinkLower;
            sums[n * 4 + 3] *= shrinkLower;
        }
    }

    /// <summary>sums += weights · values.</summary>
    static void AddValues(ArrayView<float> sums, ArrayView<float> scores, ArrayView<BFloat16x8> valueTile, SpecializedValue<int> headSize, SpecializedValue<int> rowTiles)
    {
        ArrayView<uint> rows = LocalMemory.Allocate<uint>(rowTiles * 4);
        for (int k = 0; k < KeyTiles / 2; k++)
        {
            for (int m = 0; m < rowTiles; m++)
                for (int i = 0; i < 4; i++)
                    rows[m * 4 + i] = BFloat16Pair.Pack(scores[(m * KeyTiles + 2 * k) * 4 + i * 2], scores[(m * KeyTiles + 2 * k) * 4 + i * 2 + 1]);
            for (int n = 0; n < headSize / 8; n += 2)
            {
                FragmentTile.LoadTransposed(valueTile, Keys, k * 16, n, out uint x0, out uint x1, out uint x2, out uint x3);
                for (int m = 0; m < rowTiles; m++)
                {
                    MultiplyAdd(sums.SubView((m * (headSize / 8) + n) * 4, 4), rows[m * 4], rows[m * 4 + 1], rows[m * 4 + 2], rows[m * 4 + 3], x0, x1);
                    MultiplyAdd(sums.SubView((m * (headSize / 8) + n) * 4 + 4, 4), rows[m * 4], rows[m * 4 + 1], rows[m * 4 + 2], rows[m * 4 + 3], x2, x3);
                }
            }
        }
    }

    static void MultiplyAdd(ArrayView<float> c, uint a0, uint a1, uint a2, uint a3, uint b0, uint b1) =>
        TensorCore.MultiplyAdd(ref c[0], ref c[1], ref c[2], ref c[3], a0, a1, a2, a3, b0, b1);

    static void WriteRow(ArrayView<float> sums, ArrayView<uint> output, AttentionSizes sizes, int head, int token, int end, int pair, float factor, SpecializedValue<int> headSize)
    {
        if (token >= end)
            return;
        long row = ((long)(token - sizes.Start) * sizes.Heads + head) * (headSize / 2) + pair;
        for (int n = 0; n < headSize / 8; n++)
            output[row + n * 4] = BFloat16Pair.Pack(sums[n * 4] * factor, sums[n * 4 + 1] * factor);
    }
}
