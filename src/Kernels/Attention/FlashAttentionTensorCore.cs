using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Attention;

/// <summary>
/// <see cref="FlashAttention{T, TElement, TCache}"/> on the tensor cores (sm_80 and newer), after FlashAttention-2
/// (arXiv 2307.08691): bfloat16 operands, float32 scores and sums.
/// <code>o[i] = sum over j &lt;= i of softmax_j(scale · q_r(i,j)[i] · k[j]) v[j],  r = the relation of i and j</code>
/// </summary>
/// <remarks>
/// Shapes: as there; headSize a multiple of 16 up to 160.
/// Work: a group of 4 warps computes 128 queries of one head against 64 keys at a time, a warp 32 of the queries as two
/// tiles of m16n8k16, so that each fragment of keys and values serves both. Values are copied while keys are
/// multiplied, the next keys while weights and values are. A score fragment, exponentiated and rounded to bfloat16, is
/// a fragment of the weights as it stands. Where registers (head sizes above 128) or shared memory do not allow it, a
/// group has 64 queries, a warp's in registers.
/// Traffic: keys and values are read once for each 128 queries, in 16-byte copies, from L2 where the text fits.
/// </remarks>
public sealed class FlashAttentionTensorCore<TCache>(Accelerator accelerator) : PrefillAttention<BFloat16, TCache>
    where TCache : unmanaged, ITensorCorePack<TCache>
{
    const int GroupSize = AttentionTiles<TCache>.GroupSize, Keys = AttentionTiles<TCache>.Keys;

    /// <summary>Tiles of 8 keys in a step.</summary>
    const int KeyTiles = Keys / 8;

    /// <summary>
    /// What a group knows of its tile: its first query, the position after its last, the chunk's first, its head and KV
    /// head.
    /// </summary>
    const int First = 0, End = 1, ChunkStart = 2, Head = 3, KvHead = 4, TileFacts = 5;

    /// <summary>
    /// The largest head size of which two tiles of queries leave room for their scores in a thread's registers.
    /// </summary>
    const int TwoTilesLimit = 128;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<BFloat16x8>, KvRows<TCache>, KvRows<TCache>,
        ArrayView<int>, ArrayView<uint>, AttentionSizes, int, int, float, SpecializedValue<int>, SpecializedValue<int>>
        _kernel =
        accelerator.LoadKernel<ArrayView<BFloat16x8>, KvRows<TCache>, KvRows<TCache>, ArrayView<int>,
            ArrayView<uint>, AttentionSizes, int, int, float, SpecializedValue<int>, SpecializedValue<int>>(Kernel);

    /// <summary>Whether the tiles of this head size fit into 48 KB of shared memory.</summary>
    public static bool Supports(int headSize) => headSize % 16 == 0 && headSize <= 160;

    public override void Run(AcceleratorStream stream, ArrayView<BFloat16> queries, KvRows<TCache> keys,
        KvRows<TCache> values, ArrayView<int> pageTable, ArrayView<BFloat16> output, int start, int tokens, int heads,
        KvLayout layout, DcaGeometry geometry, float scale)
    {
        AttentionSizes sizes = new(start, tokens, heads, layout, geometry, scale);
        sizes.Check(queries.Length, pageTable.Length, output.Length);
        if (!Supports(layout.HeadSize))
            throw new ArgumentException($"FlashAttentionTensorCore: the head size is {layout.HeadSize}; "
                + "it must be a multiple of 16 up to 160.");
        int rowTiles = RowTiles(layout.HeadSize);
        int tiles = sizes.Tiles(rowTiles * AttentionTiles<TCache>.Rows);
        KernelConfig config = new(tiles * heads, GroupSize, SharedMemoryConfig.RequestDynamic<BFloat16x8>(
            AttentionTiles<TCache>.SharedPacks(layout.HeadSize, rowTiles)));
        _kernel(stream, config, queries.Cast<BFloat16x8>(), keys, values, pageTable, output.Cast<uint>(), sizes, tiles,
            HeadsTogether(start + tokens, heads, layout), scale * XMath.Log2E,
            SpecializedValue.New(layout.HeadSize), SpecializedValue.New(rowTiles));
    }

    /// <summary>Tiles of 16 queries of a warp: two where they fit.</summary>
    int RowTiles(int headSize)
    {
#if ILGPU_PACKAGE
        return 1;
#else
        int bytes = AttentionTiles<TCache>.SharedPacks(headSize, 2) * 16;
        return headSize <= TwoTilesLimit && bytes <= accelerator.MaxSharedMemoryPerGroup ? 2 : 1;
#endif
    }

    /// <summary>
    /// Heads whose rows are worked on together, the longest first: all, but of long texts those of few KV heads, so
    /// that the groups that run at once read the same keys.
    /// </summary>
    int HeadsTogether(int keys, int heads, KvLayout layout)
    {
        const int longText = 8, fewKvHeads = 2;
        long packs = 2L * keys * layout.KvHeads * layout.HeadSize / default(TCache).Count;
        bool isLong = accelerator is CudaAccelerator cuda
            && packs * Interop.SizeOf<TCache>() > longText * (long)cuda.L2CacheSize;
        return isLong ? Math.Min(fewKvHeads, layout.KvHeads) * (heads / layout.KvHeads) : heads;
    }

    static void Kernel(ArrayView<BFloat16x8> queries, KvRows<TCache> keys, KvRows<TCache> values,
        ArrayView<int> pageTable, ArrayView<uint> output, AttentionSizes sizes, int tiles, int headsTogether,
        float scale, SpecializedValue<int> headSize, SpecializedValue<int> rowTiles)
    {
        int keyPacks = FragmentTile.Packs(Keys, headSize / 8), tile = rowTiles * AttentionTiles<TCache>.Rows;
        ArrayView<BFloat16x8> shared = SharedMemory.GetDynamic<BFloat16x8>(), keyTile = shared.SubView(0, keyPacks);
        ArrayView<BFloat16x8> valueTile = shared.SubView(keyPacks, keyPacks), queryTile = shared.SubView(2 * keyPacks);
        ArrayView<uint> query = LocalMemory.Allocate<uint>(headSize / 16 * 4);
        ArrayView<float> scores = LocalMemory.Allocate<float>(rowTiles * KeyTiles * 4);
        ArrayView<float> sums = LocalMemory.Allocate<float>(rowTiles * headSize / 2);
        ArrayView<float> maxima = LocalMemory.Allocate<float>(rowTiles * 2);
        ArrayView<float> totals = LocalMemory.Allocate<float>(rowTiles * 2);
        for (int i = 0; i < rowTiles * headSize / 2; i++)
            sums[i] = 0f;
        for (int i = 0; i < rowTiles * 2; i++)
        {
            maxima[i] = float.NegativeInfinity;
            totals[i] = 0f;
        }

        // Longest rows first, so that the last groups of some heads to start are the short ones.
        int band = Grid.IdxX / (tiles * headsTogether) * headsTogether, inBand = Grid.IdxX - band * tiles;
        int together = IntrinsicMath.Min(headsTogether, sizes.Heads - band);
        // In shared memory: a thread has no registers left for what is the same in all of them and seldom read.
        ArrayView<int> facts = SharedMemory.Allocate<int>(TileFacts);
        if (Group.IdxX == 0)
            WriteFacts(facts, sizes, tiles - 1 - inBand / together, tile, band + inBand % together);
        Group.Barrier();
        int warpRow = (Group.IdxX >> 5) * (rowTiles * 16);
        int warpLine = warpRow + (Warp.LaneIdx >> 2), pair = Warp.LaneIdx & 3;

        for (int variant = sizes.Variants - 1; variant >= 0; variant--)
        {
            int first = facts[First], end = facts[End], chunkStart = facts[ChunkStart];
            int rangeStart = variant == 0 ? chunkStart
                : variant == 1 ? IntrinsicMath.Max(chunkStart - sizes.ChunkLength, 0) : 0;
            int rangeEnd = variant == 0 ? end : variant == 1 ? chunkStart : chunkStart - sizes.ChunkLength;
            rangeStart = sizes.FirstVisible(rangeStart, first, tile);
            if (rangeStart >= rangeEnd)
                continue;
            // Steps that start later have keys past the range or a query.
            int unmasked = (variant == 0 ? IntrinsicMath.Min(first, rangeEnd) : rangeEnd) - Keys;
            if (rowTiles == 1)
                AttentionTiles<TCache>.LoadQueries(queries.Cast<uint>(), query, sizes, variant, facts[Head],
                    first + warpLine, end, pair, headSize);
            else
                AttentionTiles<TCache>.FetchQueries(queries, queryTile, sizes, variant, facts[Head], first, end,
                    headSize, rowTiles);
            AttentionTiles<TCache>.Fetch(keys, keyTile, pageTable, sizes, facts[KvHead], rangeStart, rangeEnd,
                headSize);

            for (int key = rangeStart; key < rangeEnd; key += Keys)
            {
                // The keys are there, and nobody reads the values before.
                TileCopy.Wait(0);
                Group.Barrier();
                AttentionTiles<TCache>.Fetch(values, valueTile, pageTable, sizes, facts[KvHead], key, rangeEnd,
                    headSize);
                Score(scores, query, queryTile, keyTile, warpRow, headSize, rowTiles);
                // The values are there, and nobody reads the keys any more.
                TileCopy.Wait(0);
                Group.Barrier();
                if (key + Keys < rangeEnd)
                    AttentionTiles<TCache>.Fetch(keys, keyTile, pageTable, sizes, facts[KvHead], key + Keys, rangeEnd,
                        headSize);

                if (key > unmasked || key <= facts[End] - 1 - sizes.Window)
                    WarpSoftmax.Mask(scores, key + 2 * pair, KeyTiles, rangeEnd, variant == 0, facts[First] + warpLine,
                        sizes.Window, rowTiles);
                for (int m = 0; m < rowTiles; m++)
                    WarpSoftmax.Update(scores.SubView(m * KeyTiles * 4, KeyTiles * 4), KeyTiles,
                        maxima.SubView(m * 2, 2), totals.SubView(m * 2, 2),
                        sums.SubView(m * (headSize / 2), headSize / 2), headSize / 8, scale);
                AddValues(sums, scores, valueTile, headSize, rowTiles);
            }
        }

        for (int m = 0; m < rowTiles; m++)
        {
            WarpReduce.SumOf4(ref totals[m * 2], ref totals[m * 2 + 1]);
            for (int half = 0; half < 2; half++)
                WriteRow(sums.SubView(m * (headSize / 2) + half * 2, headSize / 2 - half * 2), output, sizes,
                    facts[Head], facts[First] + warpLine + m * 16 + half * 8, facts[End], pair,
                    1f / totals[m * 2 + half], headSize);
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

    /// <summary>scores = queries · keys.</summary>
    static void Score(ArrayView<float> scores, ArrayView<uint> query, ArrayView<BFloat16x8> queryTile,
        ArrayView<BFloat16x8> keyTile, int warpRow, SpecializedValue<int> headSize, SpecializedValue<int> rowTiles)
    {
        ArrayView<uint> a = LocalMemory.Allocate<uint>(rowTiles * 4);
        for (int i = 0; i < rowTiles * KeyTiles * 4; i++)
            scores[i] = 0f;
        for (int k = 0; k < headSize / 16; k++)
        {
            for (int m = 0; m < rowTiles; m++)
                if (rowTiles == 1)
                    for (int i = 0; i < 4; i++)
                        a[i] = query[k * 4 + i];
                else
                    FragmentTile.Load(queryTile, rowTiles * AttentionTiles<TCache>.Rows, warpRow + m * 16, k * 2,
                        out a[m * 4], out a[m * 4 + 1], out a[m * 4 + 2], out a[m * 4 + 3]);
            for (int n = 0; n < KeyTiles; n += 2)
            {
                FragmentTile.LoadColumns(keyTile, Keys, n * 8, k * 2,
                    out uint b0, out uint b1, out uint b2, out uint b3);
                for (int m = 0; m < rowTiles; m++)
                {
                    MultiplyAdd(scores.SubView((m * KeyTiles + n) * 4, 4), a.SubView(m * 4, 4), b0, b1);
                    MultiplyAdd(scores.SubView((m * KeyTiles + n) * 4 + 4, 4), a.SubView(m * 4, 4), b2, b3);
                }
            }
        }
    }

    /// <summary>sums += weights · values.</summary>
    static void AddValues(ArrayView<float> sums, ArrayView<float> weights, ArrayView<BFloat16x8> valueTile,
        SpecializedValue<int> headSize, SpecializedValue<int> rowTiles)
    {
        ArrayView<uint> a = LocalMemory.Allocate<uint>(rowTiles * 4);
        for (int k = 0; k < KeyTiles / 2; k++)
        {
            for (int m = 0; m < rowTiles; m++)
                for (int i = 0; i < 4; i++)
                {
                    int weight = (m * KeyTiles + 2 * k) * 4 + i * 2;
                    a[m * 4 + i] = BFloat16Pair.Pack(weights[weight], weights[weight + 1]);
                }
            for (int n = 0; n < headSize / 8; n += 2)
            {
                FragmentTile.LoadTransposed(valueTile, Keys, k * 16, n,
                    out uint b0, out uint b1, out uint b2, out uint b3);
                for (int m = 0; m < rowTiles; m++)
                {
                    MultiplyAdd(sums.SubView((m * (headSize / 8) + n) * 4, 4), a.SubView(m * 4, 4), b0, b1);
                    MultiplyAdd(sums.SubView((m * (headSize / 8) + n) * 4 + 4, 4), a.SubView(m * 4, 4), b2, b3);
                }
            }
        }
    }

    static void MultiplyAdd(ArrayView<float> c, ArrayView<uint> a, uint b0, uint b1) =>
        TensorCore.MultiplyAdd(ref c[0], ref c[1], ref c[2], ref c[3], a[0], a[1], a[2], a[3], b0, b1);

    static void WriteRow(ArrayView<float> sums, ArrayView<uint> output, AttentionSizes sizes, int head, int token,
        int end, int pair, float factor, SpecializedValue<int> headSize)
    {
        if (token >= end)
            return;
        long row = ((long)(token - sizes.Start) * sizes.Heads + head) * (headSize / 2) + pair;
        for (int n = 0; n < headSize / 8; n++)
            output[row + n * 4] = BFloat16Pair.Pack(sums[n * 4] * factor, sums[n * 4 + 1] * factor);
    }
}
