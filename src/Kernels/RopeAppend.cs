using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Kernels.MatMul;

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
/// Work: half a warp for each head of each token, a lane for 4 neighbours of either half at a time; a head's extremes give a quantised
/// row's scale.
/// Traffic: each element read once, written once, queries in every variant that meets a key: a text's first chunk has no chunk before
/// it, its second none before that.
/// </remarks>
public sealed class RopeAppend<T, TElement, TCache>(Accelerator accelerator)
    where T : unmanaged
    where TElement : struct, IElement<T>
    where TCache : unmanaged, ICachePack<TCache>
{
    const int GroupSize = 128;

    /// <summary>Lanes of a head.</summary>
    const int Lanes = 1 << LanesShift;
    const int LanesShift = 4;

    /// <summary>Neighbours that a lane takes at a time: they divide half of every head size.</summary>
    const int Neighbours = 1 << NeighboursShift;
    const int NeighboursShift = 2;

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
        const int perGroup = GroupSize / Lanes;
        Index3D grid = new((heads + 2 * layout.KvHeads + perGroup - 1) / perGroup, tokens, 1);
        _kernel(stream, new KernelConfig(grid, new Index3D(GroupSize, 1, 1)), qkv, table, queries, keys, values, pageTable, position,
            new AttentionSizes(start, tokens, heads, layout, geometry, 1f), geometry.SuccessiveShift, geometry.MaxPosition);
    }

    static void Kernel(ArrayView<T> qkv, ArrayView<float> table, ArrayView<T> queries, KvRows<TCache> keys, KvRows<TCache> values, ArrayView<int> pageTable,
        ArrayView<int> position, AttentionSizes sizes, int successiveShift, int maxPosition)
    {
        LaunchOverlap.Begin();
        int headSize = sizes.HeadSize, allHeads = sizes.Heads + 2 * sizes.KvHeads, row = Grid.IdxY, lane = Group.IdxX & (Lanes - 1);
        int asked = Grid.IdxX * (GroupSize / Lanes) + (Group.IdxX >> LanesShift);
        int token = sizes.StartOf(position) + row, chunk = token / sizes.ChunkLength, offset = token - chunk * sizes.ChunkLength;
        // Lanes past the last head repeat it without storing, for lanes meet where a row is measured.
        int head = IntrinsicMath.Min(asked, allHeads - 1), cached = IntrinsicMath.Max(head - sizes.Heads, 0);
        bool isQuery = head < sizes.Heads, isKey = !isQuery && cached < sizes.KvHeads, stores = asked < allHeads;
        int kvHead = cached < sizes.KvHeads ? cached : cached - sizes.KvHeads;
        ArrayView<T> source = qkv.SubView(((long)row * allHeads + head) * headSize, headSize);
        long place = KvLayout.Row(pageTable[token >> KvLayout.PageShift], sizes.KvHeads, kvHead, token, 1);
        float factor = 1f;
        if (default(TCache).IsScaled)
        {
            float scale = RowScale(source, table, offset, isKey, lane, headSize);
            factor = scale == 0f ? 0f : 1f / scale;
            if (stores && !isQuery && lane == 0)
                (isKey ? keys : values).Scales[place] = scale;
        }
        if (!stores)
            return;
        for (int i = lane * Neighbours; i < (headSize >> 1); i += Lanes * Neighbours)
        {
            Float32x4 x = Load(source, i), y = Load(source, (headSize >> 1) + i);
            if (isQuery)
            {
                int latest = IntrinsicMath.Min(sizes.Variants - 1, chunk);
                for (int variant = 0; variant <= latest; variant++)
                {
                    int angle = variant == (int)DcaRelation.Intra ? offset
                        : variant == (int)DcaRelation.Successive ? IntrinsicMath.Min(offset + successiveShift, maxPosition) : maxPosition;
                    Float32x4 first = x, second = y;
                    Rotate(table, angle, i, headSize, ref first, ref second);
                    ArrayView<T> target = queries.SubView((((long)variant * sizes.Tokens + row) * sizes.Heads + head) * headSize, headSize);
                    Store(target, i, first);
                    Store(target, (headSize >> 1) + i, second);
                }
            }
            else
            {
                if (isKey)
                    Rotate(table, offset, i, headSize, ref x, ref y);
                ArrayView<TCache> packs = isKey ? keys.Packs : values.Packs;
                default(TCache).Store(packs, place * headSize + i, Scaled(x, factor));
                default(TCache).Store(packs, place * headSize + (headSize >> 1) + i, Scaled(y, factor));
            }
        }
    }

    /// <summary>The scale of a row by its extremes, after rotation; all lanes of the warp together.</summary>
    static float RowScale(ArrayView<T> source, ArrayView<float> table, int offset, bool isKey, int lane, int headSize)
    {
        float low = 0f, high = 0f;
        for (int i = lane * Neighbours; i < (headSize >> 1); i += Lanes * Neighbours)
        {
            Float32x4 x = Load(source, i), y = Load(source, (headSize >> 1) + i);
            if (isKey)
                Rotate(table, offset, i, headSize, ref x, ref y);
            for (int e = 0; e < Neighbours; e++)
            {
                low = XMath.Max(low, XMath.Max(-x.Element(e), -y.Element(e)));
                high = XMath.Max(high, XMath.Max(x.Element(e), y.Element(e)));
            }
        }
        for (int mask = Lanes / 2; mask > 0; mask >>= 1)
        {
            low = XMath.Max(low, Warp.ShuffleXor(low, mask));
            high = XMath.Max(high, Warp.ShuffleXor(high, mask));
        }
        return default(TCache).Scale(-low, high);
    }

    static void Rotate(ArrayView<float> table, int angle, int i, int headSize, ref Float32x4 x, ref Float32x4 y)
    {
        ArrayView<Float32x4> packs = table.Cast<Float32x4>();
        long at = ((long)angle * headSize + i) >> NeighboursShift;
        Float32x4 cos = packs[at], sin = packs[at + (headSize >> (1 + NeighboursShift))];
        Float32x4 first = new(x.A * cos.A - y.A * sin.A, x.B * cos.B - y.B * sin.B, x.C * cos.C - y.C * sin.C, x.D * cos.D - y.D * sin.D);
        y = new(y.A * cos.A + x.A * sin.A, y.B * cos.B + x.B * sin.B, y.C * cos.C + x.C * sin.C, y.D * cos.D + x.D * sin.D);
        x = first;
    }

    static Float32x4 Scaled(Float32x4 x, float factor) => new(x.A * factor, x.B * factor, x.C * factor, x.D * factor);

    static Float32x4 Load(ArrayView<T> row, int i)
    {
        ArrayView<T> run = row.SubView(i, Neighbours).AsAligned(Neighbours * Interop.SizeOf<T>());
        return new(default(TElement).Load(run[0]), default(TElement).Load(run[1]), default(TElement).Load(run[2]), default(TElement).Load(run[3]));
    }

    static void Store(ArrayView<T> row, int i, Float32x4 x)
    {
        // All conversions before all stores, which are then merged.
        T a = default(TElement).Store(x.A), b = default(TElement).Store(x.B), c = default(TElement).Store(x.C), d = default(TElement).Store(x.D);
        ArrayView<T> run = row.SubView(i, Neighbours).AsAligned(Neighbours * Interop.SizeOf<T>());
        run[0] = a;
        run[1] = b;
        run[2] = c;
        run[3] = d;
    }
}
