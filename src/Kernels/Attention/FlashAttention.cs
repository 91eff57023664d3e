using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Attention.Cache;

namespace IlgpuDca.Kernels.Attention;

/// <summary>
/// Causal attention of a slice of queries over the paged cache, plain or Dual Chunk, in one pass: each tile of queries walks its
/// keys in three ranges (inter, successive, intra), with its query rotated for the range, into one online softmax.
/// <code>o[i] = sum over j &lt;= i of softmax_j(scale · q_r(i,j)[i] · k[j]) v[j],   r = the relation of i and j</code>
/// </summary>
/// <remarks>
/// Shapes: queries [variants, tokens, heads, headSize]; keys, values in pages (<see cref="KvLayout"/>); output [tokens, heads, headSize].
/// headSize a multiple of 8 from 8 to 256; heads a multiple of kvHeads. Scores, sums and the running maximum in float32.
/// Work: a group of 64 threads computes a tile of queries of one head: 32 (16 for heads above 128), against as many keys at a time.
/// Thread (ty, tx) of 8 × 8 holds rows ty · R … (R = tile / 8), keys tx + 8j, and headSize / 8 columns of the output. Tiles never
/// straddle a chunk: their grid starts anew at each one.
/// Traffic: keys and values are read once for each query tile, from L2 where the text fits.
/// </remarks>
public sealed class FlashAttention<T, TElement, TCache>(Accelerator accelerator) : PrefillAttention<T, TCache>
    where T : unmanaged
    where TElement : struct, IElement<T>
    where TCache : unmanaged, ICachePack<TCache>
{
    const int GroupSize = 64;
    const int Lanes = 8;

    /// <summary>Queries of a tile, and keys of a step.</summary>
    static int TileTokens(int headSize) => headSize > 128 ? 16 : 32;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, KvRows<TCache>, KvRows<TCache>, ArrayView<int>, ArrayView<T>, AttentionSizes, SpecializedValue<int>> _kernel =
        accelerator.LoadKernel<ArrayView<T>, KvRows<TCache>, KvRows<TCache>, ArrayView<int>, ArrayView<T>, AttentionSizes, SpecializedValue<int>>(Kernel);

    public override void Run(AcceleratorStream stream, ArrayView<T> queries, KvRows<TCache> keys, KvRows<TCache> values, ArrayView<int> pageTable, ArrayView<T> output,
        int start, int tokens, int heads, KvLayout layout, DcaGeometry geometry, float scale)
    {
        AttentionSizes sizes = new(start, tokens, heads, layout, geometry, scale);
        sizes.Check(queries.Length, pageTable.Length, output.Length);
        Index3D grid = new(sizes.Tiles(TileTokens(layout.HeadSize)), heads, 1);
        _kernel(stream, new KernelConfig(grid, new Index3D(GroupSize, 1, 1)), queries, keys, values, pageTable, output, sizes, SpecializedValue.New(layout.HeadSize));
    }

    static void Kernel(ArrayView<T> queries, KvRows<TCache> keys, KvRows<TCache> values, ArrayView<int> pageTable, ArrayView<T> output,
        AttentionSizes sizes, SpecializedValue<int> headSize)
    {
        int rows = headSize > 128 ? 2 : 4, tile = rows * Lanes, pitch = headSize + 4;
        int columns = headSize / Lanes;
        ArrayView<float> queryTile = SharedMemory.Allocate<float>((headSize > 128 ? 16 : 32) * (headSize + 4));
        ArrayView<float> keyTile = SharedMemory.Allocate<float>((headSize > 128 ? 16 : 32) * (headSize + 4));
        ArrayView<float> weights = SharedMemory.Allocate<float>((headSize > 128 ? 16 : 32) * ((headSize > 128 ? 16 : 32) + 1));
        ArrayView<float> sums = LocalMemory.Allocate<float>((headSize > 128 ? 2 : 4) * (headSize / Lanes));
        ArrayView<float> scores = LocalMemory.Allocate<float>(16);
        ArrayView<float> maxima = LocalMemory.Allocate<float>(4);
        ArrayView<float> totals = LocalMemory.Allocate<float>(4);
        for (int i = 0; i < rows * columns; i++)
            sums[i] = 0f;
        for (int i = 0; i < 4; i++)
        {
            maxima[i] = float.NegativeInfinity;
            totals[i] = 0f;
        }

        // Longest rows first, so that the last groups to start are the short ones.
        int queryTileIndex = Grid.DimX - 1 - Grid.IdxX;
        int head = Grid.IdxY, kvHead = head / (sizes.Heads / sizes.KvHeads);
        int first = sizes.TileStart(queryTileIndex, tile), end = sizes.TileEnd(first, tile);
        int chunkStart = first / sizes.ChunkLength * sizes.ChunkLength;
        int ty = Group.IdxX / Lanes, tx = Group.IdxX % Lanes;

        for (int variant = sizes.Variants - 1; variant >= 0; variant--)
        {
            int rangeStart = variant == 0 ? chunkStart : variant == 1 ? IntrinsicMath.Max(chunkStart - sizes.ChunkLength, 0) : 0;
            int rangeEnd = variant == 0 ? end : variant == 1 ? chunkStart : chunkStart - sizes.ChunkLength;
            rangeStart = sizes.FirstVisible(rangeStart, first, tile);
            if (rangeStart >= rangeEnd)
                continue;

            Group.Barrier();
            for (int e = Group.IdxX; e < tile * headSize; e += GroupSize)
            {
                int row = e / headSize, c = e % headSize;
                float q = first + row < end
                    ? default(TElement).Load(queries[(((long)variant * sizes.Tokens + (first + row - sizes.Start)) * sizes.Heads + head) * headSize + c])
                    : 0f;
                // The softmax is taken to base 2.
                queryTile[row * pitch + c] = q * (sizes.Scale * XMath.Log2E);
            }

            for (int key = rangeStart; key < rangeEnd; key += tile)
            {
                Group.Barrier();
                FetchRows(keys, keyTile, pageTable, sizes, kvHead, key, rangeEnd, tile, headSize);
                Group.Barrier();
                for (int i = 0; i < rows * rows; i++)
                    scores[i] = 0f;
                for (int c = 0; c < headSize; c++)
                    for (int i = 0; i < rows; i++)
                        for (int j = 0; j < rows; j++)
                            scores[i * rows + j] += queryTile[(ty * rows + i) * pitch + c] * keyTile[(tx + Lanes * j) * pitch + c];

                if (key + tile > rangeEnd || variant == 0 && key + tile > first || key <= end - 1 - sizes.Window)
                    for (int i = 0; i < rows; i++)
                        for (int j = 0; j < rows; j++)
                        {
                            int token = key + tx + Lanes * j;
                            int query = first + ty * rows + i;
                            if (token >= rangeEnd || variant == 0 && token > query || token <= query - sizes.Window)
                                scores[i * rows + j] = float.NegativeInfinity;
                        }
                OnlineSoftmax(scores, maxima, totals, sums, weights, rows, columns, ty, tx, tile + 1);
                Group.Barrier();

                // The keys are done with: their place takes the values.
                FetchRows(values, keyTile, pageTable, sizes, kvHead, key, rangeEnd, tile, headSize);
                Group.Barrier();
                for (int j = 0; j < tile; j++)
                    for (int i = 0; i < rows; i++)
                        for (int c = 0; c < columns; c++)
                            sums[i * columns + c] += weights[(ty * rows + i) * (tile + 1) + j] * keyTile[j * pitch + tx * columns + c];
            }
        }

        float t0 = totals[0], t1 = totals[1], t2 = totals[2], t3 = totals[3];
        WarpReduce.SumOf8(ref t0, ref t1, ref t2, ref t3);
        totals[0] = t0;
        totals[1] = t1;
        totals[2] = t2;
        totals[3] = t3;
        for (int i = 0; i < rows; i++)
        {
            int token = first + ty * rows + i;
            if (token < end)
            {
                long row = ((long)(token - sizes.Start) * sizes.Heads + head) * headSize + tx * columns;
                for (int c = 0; c < columns; c++)
                    output[row + c] = default(TElement).Store(sums[i * columns + c] / totals[i]);
            }
        }
    }

    /// <summary>A tile of key or value rows into shared memory; zeros past the range.</summary>
    static void FetchRows(KvRows<TCache> source, ArrayView<float> target, ArrayView<int> pageTable, AttentionSizes sizes, int kvHead, int key, int rangeEnd,
        int tile, int headSize)
    {
        int elements = default(TCache).Count, packs = headSize / elements;
        for (int e = Group.IdxX; e < tile * packs; e += GroupSize)
        {
            int row = e / packs, column = e % packs, token = key + row, word = row * (headSize + 4) + column * elements;
            bool isInside = token < rangeEnd;
            TCache pack = default;
            float scale = 0f;
            if (isInside)
            {
                long place = KvLayout.Row(pageTable[token >> KvLayout.PageShift], sizes.KvHeads, kvHead, token, 1);
                pack = source.Packs[place * packs + column];
                scale = source.Scale(place);
            }
            for (int i = 0; i < elements; i++)
                target[word + i] = isInside ? pack.Element(i) * scale : 0f;
        }
    }

    /// <summary>
    /// One step of the softmax: the scores of this thread's rows become weights relative to the new maximum, and what was summed
    /// before shrinks with it. A row's maximum is the same in its 8 threads, its total is still spread over them.
    /// </summary>
    static void OnlineSoftmax(ArrayView<float> scores, ArrayView<float> maxima, ArrayView<float> totals, ArrayView<float> sums, ArrayView<float> weights,
        int rows, int columns, int ty, int tx, int pitch)
    {
        float m0 = RowMax(scores, 0, rows, maxima[0]), m1 = RowMax(scores, 1, rows, maxima[1]);
        float m2 = rows > 2 ? RowMax(scores, 2, rows, maxima[2]) : 0f, m3 = rows > 2 ? RowMax(scores, 3, rows, maxima[3]) : 0f;
        WarpReduce.MaxOf8(ref m0, ref m1, ref m2, ref m3);
        Shrink(0, m0, maxima, totals, sums, columns);
        Shrink(1, m1, maxima, totals, sums, columns);
        if (rows > 2)
        {
            Shrink(2, m2, maxima, totals, sums, columns);
            Shrink(3, m3, maxima, totals, sums, columns);
        }
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < rows; j++)
            {
                // A row of which nothing is visible yet has the maximum -infinity and weights of zero.
                float weight = maxima[i] == float.NegativeInfinity ? 0f : XMath.Exp2(scores[i * rows + j] - maxima[i]);
                totals[i] += weight;
                weights[(ty * rows + i) * pitch + tx + Lanes * j] = weight;
            }
    }

    static float RowMax(ArrayView<float> scores, int row, int rows, float max)
    {
        for (int j = 0; j < rows; j++)
            max = XMath.Max(max, scores[row * rows + j]);
        return max;
    }

    static void Shrink(int row, float max, ArrayView<float> maxima, ArrayView<float> totals, ArrayView<float> sums, int columns)
    {
        float factor = maxima[row] == max ? 1f : XMath.Exp2(maxima[row] - max);
        maxima[row] = max;
        totals[row] *= factor;
        for (int c = 0; c < columns; c++)
            sums[row * columns + c] *= factor;
    }
}
