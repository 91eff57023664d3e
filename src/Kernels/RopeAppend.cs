using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;

namespace IlgpuDca.Kernels;

/// <summary>
/// Rotary position embedding and KV cache in one kernel. Queries are rotated once for each relation that Dual Chunk Attention knows
/// (once in plain attention); keys once, by their place in their chunk; values are stored as they are; both are quantised where the cache's type
/// is. Nothing cached depends on the text's length, so cached pages stay valid however long it grows.
/// <code>
/// x'[i] = x[i] cos - x[i + half] sin;   x'[i + half] = x[i + half] cos + x[i] sin,   half = headSize / 2
/// q' = R(position of q) q;   k'[j] = R(j mod s) k[j];   v'[j] = v[j]
/// </code>
/// </summary>
/// <remarks>
/// Shapes: qkv [tokens, (heads + 2 kvHeads) · headSize]; table [positions, headSize] of <see cref="RopeTable"/>; queries
/// [variants, tokens, heads, headSize]; keys and values in pages (<see cref="KvLayout"/>); pageTable [pages of the text].
/// Positions: <see cref="DcaGeometry.QueryPosition"/>.
/// Work: a warp for each head of each token, whose extremes give a quantised row's scale.
/// Traffic: each element read once, written once, queries in every variant.
/// </remarks>
public sealed class RopeAppend<T, TElement, TCache>(Accelerator accelerator)
    where T : unmanaged
    where TElement : struct, IElement<T>
    where TCache : unmanaged, ICachePack<TCache>
{
    const int GroupSize = 128;
    const int Warps = GroupSize / 32;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<float>, ArrayView<T>, KvRows<TCache>, KvRows<TCache>, ArrayView<int>, ArrayView<int>, AttentionSizes, int, int> _kernel =
        accelerator.LoadKernel<ArrayView<T>, ArrayView<float>, ArrayView<T>, KvRows<TCache>, KvRows<TCache>, ArrayView<int>, ArrayView<int>, AttentionSizes, int, int>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="qkv">[tokens, (heads + 2 kvHeads) · headSize].</param>
    /// <param name="table">[positions, headSize].</param>
    /// <param name="queries">[variants, tokens, heads, headSize]: takes the rotated queries.</param>
    /// <param name="keys">The layer's key pages.</param>
    /// <param name="values">The layer's value pages.</param>
    /// <param name="pageTable">The page of every 128 tokens of the text.</param>
    /// <param name="position">[1]: the first token's place in the text, read when the kernel runs; empty: it is start.</param>
    /// <param name="start">The first token's place in the text; where position is given, any place that the buffers have room for.</param>
    /// <param name="tokens">Rows of qkv.</param>
    /// <param name="heads">Query heads.</param>
    /// <param name="layout">KV heads and head size.</param>
    /// <param name="geometry">Which positions queries and keys take.</param>
    public void Run(AcceleratorStream stream, ArrayView<T> qkv, ArrayView<float> table, ArrayView<T> queries, KvRows<TCache> keys, KvRows<TCache> values,
        ArrayView<int> pageTable, ArrayView<int> position, int start, int tokens, int heads, KvLayout layout, DcaGeometry geometry)
    {
        long width = (heads + 2 * layout.KvHeads) * layout.HeadSize, rotated = (long)geometry.Variants * tokens * heads * layout.HeadSize;
        if (qkv.Length != tokens * width || queries.Length != rotated || keys.Packs.Length != values.Packs.Length || keys.Scales.Length != values.Scales.Length || pageTable.Length < KvLayout.Pages(start + tokens)
            || table.Length < (long)geometry.Positions(start + tokens) * layout.HeadSize)
            throw new ArgumentException($"RopeAppend: qkv has {qkv.Length} elements, queries {queries.Length}, keys {keys.Packs.Length} packs, values {values.Packs.Length}, table {table.Length}, "
                + $"the page table {pageTable.Length} pages; {tokens} tokens from {start} of {heads} heads and {layout} in {geometry} need {tokens * width}, {rotated}, "
                + $"as many keys as values, {(long)geometry.Positions(start + tokens) * layout.HeadSize} and {KvLayout.Pages(start + tokens)}.");
        Index3D grid = new((heads + 2 * layout.KvHeads + Warps - 1) / Warps, tokens, 1);
        _kernel(stream, new KernelConfig(grid, new Index3D(GroupSize, 1, 1)), qkv, table, queries, keys, values, pageTable, position,
            new AttentionSizes(start, tokens, heads, layout, geometry, 1f), geometry.SuccessiveShift, geometry.MaxPosition);
    }

    static void Kernel(ArrayView<T> qkv, ArrayView<float> table, ArrayView<T> queries, KvRows<TCache> keys, KvRows<TCache> values, ArrayView<int> pageTable,
        ArrayView<int> position, AttentionSizes sizes, int successiveShift, int maxPosition)
    {
        LaunchOverlap.Begin();
        int headSize = sizes.HeadSize, allHeads = sizes.Heads + 2 * sizes.KvHeads;
        int head = Grid.IdxX * Warps + (Group.IdxX >> 5), row = Grid.IdxY;
        if (head >= allHeads)
            return;
        int token = sizes.StartOf(position) + row, offset = token % sizes.ChunkLength;
        long source = ((long)row * allHeads + head) * headSize;
        if (head < sizes.Heads)
        {
            for (int i = Warp.LaneIdx; i < headSize / 2; i += 32)
            {
                float x = default(TElement).Load(qkv[source + i]), y = default(TElement).Load(qkv[source + headSize / 2 + i]);
                for (int variant = 0; variant < sizes.Variants; variant++)
                {
                    int angle = offset;
                    if (variant == (int)DcaRelation.Successive)
                        angle = IntrinsicMath.Min(offset + successiveShift, maxPosition);
                    else if (variant == (int)DcaRelation.Inter)
                        angle = maxPosition;
                    long target = (((long)variant * sizes.Tokens + row) * sizes.Heads + head) * headSize + i;
                    float first = x, second = y;
                    Rotate(table, (long)angle * headSize + i, headSize, ref first, ref second);
                    queries[target] = default(TElement).Store(first);
                    queries[target + headSize / 2] = default(TElement).Store(second);
                }
            }
            return;
        }
        int kvHead = (head - sizes.Heads) % sizes.KvHeads;
        long place = KvLayout.Row(pageTable[token >> KvLayout.PageShift], sizes.KvHeads, kvHead, token, 1);
        if (head < sizes.Heads + sizes.KvHeads)
            Append(qkv, table, keys, source, place, offset, true, headSize);
        else
            Append(qkv, table, values, source, place, offset, false, headSize);
    }

    /// <summary>One row into the cache: a lane has two neighbouring elements of either half at a time.</summary>
    static void Append(ArrayView<T> qkv, ArrayView<float> table, KvRows<TCache> rows, long source, long place, int offset, bool isKey, int headSize)
    {
        int half = headSize / 2;
        float factor = 1f;
        if (default(TCache).IsScaled)
        {
            float low = 0f, high = 0f;
            for (int i = Warp.LaneIdx; i < half; i += 32)
            {
                Load(qkv, table, source, offset, isKey, i, headSize, out float x, out float y);
                low = XMath.Max(low, XMath.Max(-x, -y));
                high = XMath.Max(high, XMath.Max(x, y));
            }
            WarpReduce.Max(ref low);
            WarpReduce.Max(ref high);
            float scale = default(TCache).Scale(-low, high);
            factor = scale == 0f ? 0f : 1f / scale;
            if (Warp.LaneIdx == 0)
                rows.Scales[place] = scale;
        }
        for (int i = 2 * Warp.LaneIdx; i < half; i += 64)
        {
            Load(qkv, table, source, offset, isKey, i, headSize, out float x, out float y);
            Load(qkv, table, source, offset, isKey, i + 1, headSize, out float nextX, out float nextY);
            default(TCache).Store(rows.Packs, place * headSize + i, x * factor, nextX * factor);
            default(TCache).Store(rows.Packs, place * headSize + half + i, y * factor, nextY * factor);
        }
    }

    /// <summary>A pair of a key, rotated, or of a value, as it is.</summary>
    static void Load(ArrayView<T> qkv, ArrayView<float> table, long source, int offset, bool isKey, int i, int headSize, out float x, out float y)
    {
        x = default(TElement).Load(qkv[source + i]);
        y = default(TElement).Load(qkv[source + headSize / 2 + i]);
        if (isKey)
            Rotate(table, (long)offset * headSize + i, headSize, ref x, ref y);
    }

    static void Rotate(ArrayView<float> table, long angle, int headSize, ref float x, ref float y)
    {
        float cos = table[angle], sin = table[angle + headSize / 2], first = x * cos - y * sin;
        y = y * cos + x * sin;
        x = first;
    }
}
