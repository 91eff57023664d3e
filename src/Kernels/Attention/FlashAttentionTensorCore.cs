using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Attention;

/// <summary>
/// <see cref="FlashAttention{T, TElement, TCache}"/> on the tensor cores (sm_80 and newer): bfloat16 operands, float32 scores and sums.
/// <code>o[i] = sum over j &lt;= i of softmax_j(scale · q_r(i,j)[i] · k[j]) v[j],   r = the relation of i and j</code>
/// </summary>
/// <remarks>
/// Shapes: as there; headSize a multiple of 16 up to 160.
/// Work: a group of 4 warps computes 64 queries of one head against 64 keys at a time, a warp 16 of the queries. Queries stay in
/// registers as fragments of m16n8k16; a score fragment, exponentiated and rounded to bfloat16, is a fragment of the weights as it
/// stands. Values are laid down transposed, two keys to a word, for that is how the second product reads them.
/// Traffic: keys and values are read once for each 64 queries, in 16-byte loads, from L2 where the text fits.
/// </remarks>
public sealed class FlashAttentionTensorCore<TCache>(Accelerator accelerator) : PrefillAttention<BFloat16, TCache>
    where TCache : unmanaged, ITensorCorePack<TCache>
{
    const int GroupSize = 128;
    const int Warps = GroupSize / 32;

    /// <summary>Queries of a group, and keys of a step.</summary>
    const int Tile = 64;

    /// <summary>Tiles of 8 keys in a step.</summary>
    const int KeyTiles = Tile / 8;

    /// <summary>Words from one column of values to the next: two keys a word, 4 words to spread the banks.</summary>
    const int ValuePitch = Tile / 2 + 4;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<uint>, KvRows<TCache>, KvRows<TCache>, ArrayView<int>, ArrayView<uint>, AttentionSizes, SpecializedValue<int>> _kernel =
        accelerator.LoadKernel<ArrayView<uint>, KvRows<TCache>, KvRows<TCache>, ArrayView<int>, ArrayView<uint>, AttentionSizes, SpecializedValue<int>>(Kernel);

    /// <summary>Whether the tiles of this head size fit into 48 KB of shared memory.</summary>
    public static bool Supports(int headSize) => headSize % 16 == 0 && headSize <= 160;

    public override void Run(AcceleratorStream stream, ArrayView<BFloat16> queries, KvRows<TCache> keys, KvRows<TCache> values, ArrayView<int> pageTable,
        ArrayView<BFloat16> output, int start, int tokens, int heads, KvLayout layout, DcaGeometry geometry, float scale)
    {
        AttentionSizes sizes = new(start, tokens, heads, layout, geometry, scale);
        sizes.Check(queries.Length, pageTable.Length, output.Length);
        if (!Supports(layout.HeadSize))
            throw new ArgumentException($"FlashAttentionTensorCore: the head size is {layout.HeadSize}; it must be a multiple of 16 up to 160.");
        Index3D grid = new(sizes.Tiles(Tile), heads, 1);
        _kernel(stream, new KernelConfig(grid, new Index3D(GroupSize, 1, 1)), queries.Cast<uint>(), keys, values, pageTable,
            output.Cast<uint>(), sizes, SpecializedValue.New(layout.HeadSize));
    }

    static void Kernel(ArrayView<uint> queries, KvRows<TCache> keys, KvRows<TCache> values, ArrayView<int> pageTable, ArrayView<uint> output,
        AttentionSizes sizes, SpecializedValue<int> headSize)
    {
        int words = headSize / 2, keyPitch = words + 4;
        ArrayView<uint> keyTile = SharedMemory.Allocate<uint>(Tile * (headSize / 2 + 4));
        ArrayView<uint> valueTile = SharedMemory.Allocate<uint>(headSize * ValuePitch);
        ArrayView<uint> query = LocalMemory.Allocate<uint>(headSize / 16 * 4);
        ArrayView<float> scores = LocalMemory.Allocate<float>(KeyTiles * 4);
        ArrayView<float> sums = LocalMemory.Allocate<float>(headSize / 8 * 4);
        for (int i = 0; i < headSize / 8 * 4; i++)
            sums[i] = 0f;
        float maxUpper = float.NegativeInfinity, maxLower = float.NegativeInfinity, totalUpper = 0f, totalLower = 0f;

        int lane = Warp.LaneIdx, g = lane >> 2, t = lane & 3;
        // Longest rows first, so that the last groups to start are the short ones.
        int tileIndex = Grid.DimX - 1 - Grid.IdxX;
        int head = Grid.IdxY, kvHead = head / (sizes.Heads / sizes.KvHeads);
        int first = sizes.TileStart(tileIndex, Tile), end = sizes.TileEnd(first, Tile);
        int upper = first + (Group.IdxX >> 5) * 16 + g, lower = upper + 8;
        int chunkStart = first / sizes.ChunkLength * sizes.ChunkLength;
        float scale = sizes.Scale * XMath.Log2E;

        for (int variant = sizes.Variants - 1; variant >= 0; variant--)
        {
            int rangeStart = variant == 0 ? chunkStart : variant == 1 ? IntrinsicMath.Max(chunkStart - sizes.ChunkLength, 0) : 0;
            int rangeEnd = variant == 0 ? end : variant == 1 ? chunkStart : chunkStart - sizes.ChunkLength;
            rangeStart = sizes.FirstVisible(rangeStart, first, Tile);
            if (rangeStart >= rangeEnd)
                continue;
            LoadQueries(queries, query, sizes, variant, head, upper, end, t, headSize);

            for (int key = rangeStart; key < rangeEnd; key += Tile)
            {
                Group.Barrier();
                FetchKeys(keys, keyTile, pageTable, sizes, kvHead, key, rangeEnd, headSize);
                FetchValues(values, valueTile, pageTable, sizes, kvHead, key, rangeEnd, headSize);
                Group.Barrier();

                for (int i = 0; i < KeyTiles * 4; i++)
                    scores[i] = 0f;
                for (int k = 0; k < headSize / 16; k++)
                    for (int n = 0; n < KeyTiles; n++)
                    {
                        int word = (n * 8 + g) * keyPitch + k * 8 + t;
                        TensorCore.MultiplyAdd(ref scores[n * 4], ref scores[n * 4 + 1], ref scores[n * 4 + 2], ref scores[n * 4 + 3],
                            query[k * 4], query[k * 4 + 1], query[k * 4 + 2], query[k * 4 + 3], keyTile[word], keyTile[word + 4]);
                    }

                if (key + Tile > rangeEnd || variant == 0 && key + Tile > first || key <= end - 1 - sizes.Window)
                    Mask(scores, key + 2 * t, rangeEnd, variant == 0, upper, lower, sizes.Window);

                float newUpper = maxUpper, newLower = maxLower;
                for (int n = 0; n < KeyTiles; n++)
                {
                    newUpper = XMath.Max(newUpper, XMath.Max(scores[n * 4], scores[n * 4 + 1]));
                    newLower = XMath.Max(newLower, XMath.Max(scores[n * 4 + 2], scores[n * 4 + 3]));
                }
                WarpReduce.MaxOf4(ref newUpper, ref newLower);
                float shrinkUpper = newUpper == maxUpper ? 1f : XMath.Exp2((maxUpper - newUpper) * scale);
                float shrinkLower = newLower == maxLower ? 1f : XMath.Exp2((maxLower - newLower) * scale);
                maxUpper = newUpper;
                maxLower = newLower;
                totalUpper *= shrinkUpper;
                totalLower *= shrinkLower;
                for (int n = 0; n < headSize / 8; n++)
                {
                    sums[n * 4] *= shrinkUpper;
                    sums[n * 4 + 1] *= shrinkUpper;
                    sums[n * 4 + 2] *= shrinkLower;
                    sums[n * 4 + 3] *= shrinkLower;
                }

                // A row of which nothing is visible yet has the maximum -infinity: 0 in its place gives weights of 2^-infinity.
                float shiftUpper = maxUpper == float.NegativeInfinity ? 0f : maxUpper * scale, shiftLower = maxLower == float.NegativeInfinity ? 0f : maxLower * scale;
                for (int n = 0; n < KeyTiles; n++)
                {
                    scores[n * 4] = XMath.Exp2(scores[n * 4] * scale - shiftUpper);
                    scores[n * 4 + 1] = XMath.Exp2(scores[n * 4 + 1] * scale - shiftUpper);
                    scores[n * 4 + 2] = XMath.Exp2(scores[n * 4 + 2] * scale - shiftLower);
                    scores[n * 4 + 3] = XMath.Exp2(scores[n * 4 + 3] * scale - shiftLower);
                    totalUpper += scores[n * 4] + scores[n * 4 + 1];
                    totalLower += scores[n * 4 + 2] + scores[n * 4 + 3];
                }

                for (int k = 0; k < KeyTiles / 2; k++)
                {
                    uint a0 = BFloat16Pair.Pack(scores[k * 8], scores[k * 8 + 1]), a1 = BFloat16Pair.Pack(scores[k * 8 + 2], scores[k * 8 + 3]);
                    uint a2 = BFloat16Pair.Pack(scores[k * 8 + 4], scores[k * 8 + 5]), a3 = BFloat16Pair.Pack(scores[k * 8 + 6], scores[k * 8 + 7]);
                    for (int n = 0; n < headSize / 8; n++)
                    {
                        int word = (n * 8 + g) * ValuePitch + k * 8 + t;
                        TensorCore.MultiplyAdd(ref sums[n * 4], ref sums[n * 4 + 1], ref sums[n * 4 + 2], ref sums[n * 4 + 3],
                            a0, a1, a2, a3, valueTile[word], valueTile[word + 4]);
                    }
                }
            }
        }

        WarpReduce.SumOf4(ref totalUpper, ref totalLower);
        WriteRow(sums, output, sizes, head, upper, end, t, 0, 1f / totalUpper, headSize);
        WriteRow(sums, output, sizes, head, lower, end, t, 2, 1f / totalLower, headSize);
    }

    /// <summary>This lane's part of the warp's 16 queries, for one rotation; zeros past the tile's end.</summary>
    static void LoadQueries(ArrayView<uint> queries, ArrayView<uint> query, AttentionSizes sizes, int variant, int head, int upper, int end, int t, SpecializedValue<int> headSize)
    {
        long row = (((long)variant * sizes.Tokens + (upper - sizes.Start)) * sizes.Heads + head) * (headSize / 2) + t;
        long next = row + 8L * sizes.Heads * (headSize / 2);
        for (int k = 0; k < headSize / 16; k++)
        {
            query[k * 4] = upper < end ? queries[row + k * 8] : 0u;
            query[k * 4 + 1] = upper + 8 < end ? queries[next + k * 8] : 0u;
            query[k * 4 + 2] = upper < end ? queries[row + k * 8 + 4] : 0u;
            query[k * 4 + 3] = upper + 8 < end ? queries[next + k * 8 + 4] : 0u;
        }
    }

    static void FetchKeys(KvRows<TCache> keys, ArrayView<uint> tile, ArrayView<int> pageTable, AttentionSizes sizes, int kvHead, int key, int rangeEnd, SpecializedValue<int> headSize)
    {
        ArrayView<BFloat16x8> packs = tile.Cast<BFloat16x8>();
        int perRow = headSize / 8;
        for (int e = Group.IdxX; e < Tile * perRow; e += GroupSize)
        {
            int row = e / perRow, column = e % perRow, token = key + row;
            BFloat16x8 pack = default;
            if (token < rangeEnd)
            {
                long place = KvLayout.Row(pageTable[token >> KvLayout.PageShift], sizes.KvHeads, kvHead, token, 1);
                pack = keys.Packs[place * perRow + column].Values(keys.Scale(place));
            }
            packs[row * (perRow + 1) + column] = pack;
        }
    }

    /// <summary>Values, transposed: a lane takes 8 columns of two neighbouring keys and stores 8 words, lanes side by side.</summary>
    static void FetchValues(KvRows<TCache> values, ArrayView<uint> tile, ArrayView<int> pageTable, AttentionSizes sizes, int kvHead, int key, int rangeEnd, SpecializedValue<int> headSize)
    {
        int pair = Warp.LaneIdx, perRow = headSize / 8, token = key + 2 * pair;
        // The two keys may lie on different pages, and the second past the range.
        long even = token < rangeEnd ? KvLayout.Row(pageTable[token >> KvLayout.PageShift], sizes.KvHeads, kvHead, token, 1) : 0;
        long odd = token + 1 < rangeEnd ? KvLayout.Row(pageTable[(token + 1) >> KvLayout.PageShift], sizes.KvHeads, kvHead, token + 1, 1) : 0;
        float evenScale = values.Scale(even), oddScale = values.Scale(odd);
        for (int column = Group.IdxX >> 5; column < perRow; column += Warps)
        {
            BFloat16x8 a = default, b = default;
            if (token < rangeEnd)
                a = values.Packs[even * perRow + column].Values(evenScale);
            if (token + 1 < rangeEnd)
                b = values.Packs[odd * perRow + column].Values(oddScale);
            int word = column * 8 * ValuePitch + pair;
            StorePair(tile, word, a.A, b.A);
            StorePair(tile, word + 2 * ValuePitch, a.B, b.B);
            StorePair(tile, word + 4 * ValuePitch, a.C, b.C);
            StorePair(tile, word + 6 * ValuePitch, a.D, b.D);
        }
    }

    /// <summary>Two columns of two keys: the words change from two columns of a key to two keys of a column.</summary>
    static void StorePair(ArrayView<uint> tile, int word, uint even, uint odd)
    {
        tile[word] = (even & 0xFFFFu) | (odd << 16);
        tile[word + ValuePitch] = (even >> 16) | (odd & 0xFFFF0000u);
    }

    /// <summary>-infinity for keys past the range, before a query's window and, in the query's own chunk, past the query.</summary>
    static void Mask(ArrayView<float> scores, int key, int rangeEnd, bool isOwnChunk, int upper, int lower, int window)
    {
        for (int n = 0; n < KeyTiles; n++)
            for (int j = 0; j < 2; j++)
            {
                int token = key + n * 8 + j;
                if (token >= rangeEnd || isOwnChunk && token > upper || token <= upper - window)
                    scores[n * 4 + j] = float.NegativeInfinity;
                if (token >= rangeEnd || isOwnChunk && token > lower || token <= lower - window)
                    scores[n * 4 + 2 + j] = float.NegativeInfinity;
            }
    }

    static void WriteRow(ArrayView<float> sums, ArrayView<uint> output, AttentionSizes sizes, int head, int token, int end, int t, int offset, float factor, SpecializedValue<int> headSize)
    {
        if (token >= end)
            return;
        long row = ((long)(token - sizes.Start) * sizes.Heads + head) * (headSize / 2) + t;
        for (int n = 0; n < headSize / 8; n++)
            output[row + n * 4] = BFloat16Pair.Pack(sums[n * 4 + offset] * factor, sums[n * 4 + offset + 1] * factor);
    }
}
