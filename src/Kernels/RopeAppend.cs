using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels;

/// <summary>
/// Biases and norms of heads, rotary position embedding and KV cache in one kernel. Queries are rotated once for each relation that
/// Dual Chunk Attention knows (once in plain attention); keys once, by their place in their chunk; values are not rotated; both are
/// quantised where the cache's type is. Nothing cached depends on the text's length, so cached pages stay valid however long it grows.
/// <code>
/// x = x + bias;   x[i] = x[i] / sqrt(mean over i of x[i]² + epsilon) · gain[i]   for queries and keys, where a model has these
/// x'[i] = x[i] cos - x[i + half] sin;   x'[i + half] = x[i + half] cos + x[i] sin,   half = headSize / 2
/// q' = R(position of q) q;   k'[j] = R(j mod s) k[j];   v'[j] = v[j]
/// </code>
/// </summary>
/// <remarks>
/// Shapes: qkv [tokens, (heads + 2 kvHeads) · headSize]; table [positions, headSize] of <see cref="RopeTable"/>; queries
/// [variants, tokens, heads, headSize]; keys and values in pages (<see cref="KvLayout"/>); pageTable [pages of the text].
/// Positions: <see cref="DcaGeometry.QueryPosition"/>.
/// Work: half a warp for each head of each token; a lane keeps its packs of either half in registers, in float32, which is rounded once,
/// when they are stored. A head's squares give its norm, its extremes a quantised row's scale.
/// Traffic: each element read once, written once, queries in every variant that meets a key: a text's first chunk has no chunk before
/// it, its second none before that. Biases, gains, the page and the first angles come while the kernel before this one ends.
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

    /// <summary>Neighbours in a pack: they divide half of every head size.</summary>
    const int Neighbours = 1 << NeighboursShift;
    const int NeighboursShift = 2;

    /// <summary>Elements from a lane's pack to its next one in the same half of a head.</summary>
    const int Stride = Lanes * Neighbours;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, HeadWeights, ArrayView<float>, ArrayView<T>, KvRows<TCache>,
        KvRows<TCache>, ArrayView<int>, ArrayView<int>, AttentionSizes, int, int,
        SpecializedValue<int>, SpecializedValue<int>, SpecializedValue<int>> _kernel =
        accelerator.LoadKernel<ArrayView<T>, HeadWeights, ArrayView<float>, ArrayView<T>, KvRows<TCache>,
            KvRows<TCache>, ArrayView<int>, ArrayView<int>, AttentionSizes, int, int,
            SpecializedValue<int>, SpecializedValue<int>, SpecializedValue<int>>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="qkv">[tokens, (heads + 2 kvHeads) · headSize].</param>
    /// <param name="weights">Biases and gains of the layer; default: none.</param>
    /// <param name="table">[positions, headSize].</param>
    /// <param name="queries">[variants, tokens, heads, headSize]: takes the rotated queries.</param>
    /// <param name="keys">The layer's key pages.</param>
    /// <param name="values">The layer's value pages.</param>
    /// <param name="pageTable">The page of every 128 tokens of the text; older than the last launch that started alone
    /// (<see cref="LaunchOverlap.NextStartsAlone"/>), as table and position are.</param>
    /// <param name="position">[1]: the first token's place in the text, read when the kernel runs; empty: it is start.</param>
    /// <param name="start">The first token's place in the text; where position is given, any place that the buffers have room for.</param>
    /// <param name="tokens">Rows of qkv.</param>
    /// <param name="heads">Query heads.</param>
    /// <param name="layout">KV heads and head size.</param>
    /// <param name="geometry">Which positions queries and keys take.</param>
    /// <exception cref="ArgumentException">Sizes that don't belong together.</exception>
    public void Run(AcceleratorStream stream, ArrayView<T> qkv, HeadWeights weights, ArrayView<float> table, ArrayView<T> queries,
        KvRows<TCache> keys, KvRows<TCache> values, ArrayView<int> pageTable, ArrayView<int> position, int start, int tokens, int heads,
        KvLayout layout, DcaGeometry geometry)
    {
        int allHeads = heads + 2 * layout.KvHeads;
        long width = allHeads * layout.HeadSize, rotated = (long)geometry.Variants * tokens * heads * layout.HeadSize;
        long angles = (long)geometry.Positions(start + tokens) * layout.HeadSize;
        int pages = KvLayout.Pages(start + tokens);
        if (qkv.Length != tokens * width || queries.Length != rotated || table.Length < angles || pageTable.Length < pages
            || keys.Packs.Length != values.Packs.Length || keys.Scales.Length != values.Scales.Length)
            throw new ArgumentException($"RopeAppend: qkv has {qkv.Length} elements, queries {queries.Length}, keys {keys.Packs.Length} "
                + $"packs, values {values.Packs.Length}, table {table.Length}, the page table {pageTable.Length} pages; {tokens} tokens "
                + $"from {start} of {heads} heads and {layout} in {geometry} need {tokens * width}, {rotated}, as many keys as values, "
                + $"{angles} and {pages}.");
        weights.Check(allHeads, layout.HeadSize);
        const int perGroup = GroupSize / Lanes;
        Index3D grid = new((allHeads + perGroup - 1) / perGroup, tokens, 1);
        KernelConfig config = new(grid, new Index3D(GroupSize, 1, 1));
        _kernel(stream, config, qkv, weights, table, queries, keys, values, pageTable, position,
            new AttentionSizes(start, tokens, heads, layout, geometry, 1f), geometry.SuccessiveShift, geometry.MaxPosition,
            SpecializedValue.New(layout.HeadSize), SpecializedValue.New(weights.Bias.Length != 0 ? 1 : 0),
            SpecializedValue.New(weights.Gains.Length != 0 ? 1 : 0));
    }

    static void Kernel(ArrayView<T> qkv, HeadWeights weights, ArrayView<float> table, ArrayView<T> queries, KvRows<TCache> keys,
        KvRows<TCache> values, ArrayView<int> pageTable, ArrayView<int> position, AttentionSizes sizes, int successiveShift,
        int maxPosition, SpecializedValue<int> headSize, SpecializedValue<int> biased, SpecializedValue<int> normed)
    {
        // Without a position nothing that an earlier step's kernels wrote is read ahead: no fence.
        if (position.Length != 0)
            LaunchOverlap.BeginAhead();
        else
            LaunchOverlap.AllowNext();
        int packs = 2 * ((headSize / 2 + Stride - 1) / Stride), lane = Group.IdxX & (Lanes - 1);
        int allHeads = sizes.Heads + 2 * sizes.KvHeads, row = Grid.IdxY;
        int asked = Grid.IdxX * (GroupSize / Lanes) + (Group.IdxX >> LanesShift);
        // Lanes past the last head repeat it without storing, for lanes meet where a row is measured.
        int head = IntrinsicMath.Min(asked, allHeads - 1), cached = IntrinsicMath.Max(head - sizes.Heads, 0);
        bool isQuery = head < sizes.Heads, isKey = !isQuery && cached < sizes.KvHeads, stores = asked < allHeads;
        int kvHead = cached < sizes.KvHeads ? cached : cached - sizes.KvHeads;
        ArrayView<Float32x4> x = LocalMemory.Allocate<Float32x4>(packs), angles = LocalMemory.Allocate<Float32x4>(packs);
        ArrayView<Float32x4> bias = LocalMemory.Allocate<Float32x4>(packs), gains = LocalMemory.Allocate<Float32x4>(packs);
        if (biased != 0)
            Load(weights.Bias, (long)head * headSize, lane, headSize, packs, bias);
        if (normed != 0)
            Load(weights.Gains, isQuery ? 0 : headSize, lane, headSize, packs, gains);
        // The text's length and its pages are older than the step. Values' lanes load angles that they don't need: no branch stands
        // between the loads.
        int token = sizes.StartOf(position) + row, chunk = token / sizes.ChunkLength, offset = token - chunk * sizes.ChunkLength;
        long place = KvLayout.Row(pageTable[token >> KvLayout.PageShift], sizes.KvHeads, kvHead, token, 1);
        Load(table, (long)offset * headSize, lane, headSize, packs, angles);
        LaunchOverlap.WaitForPrevious();

        ArrayView<T> source = qkv.SubView(((long)row * allHeads + head) * headSize, headSize);
        for (int k = 0; k < packs; k++)
            x[k] = Load(source, Element(k, lane, headSize));
        if (biased != 0)
            for (int k = 0; k < packs; k++)
                x[k] += bias[k];
        if (normed != 0)
        {
            float inverseRms = InverseRms(x, lane, headSize, packs, weights.Epsilon);
            if (isQuery || isKey)
                for (int k = 0; k < packs; k++)
                    x[k] *= gains[k] * inverseRms;
        }
        if (isKey)
            for (int k = 0; k < packs; k += 2)
                (x[k], x[k + 1]) = Rotated(x, angles, k);
        float factor = 1f;
        if (default(TCache).IsScaled)
        {
            float scale = RowScale(x, packs);
            factor = scale == 0f ? 0f : 1f / scale;
            if (stores && !isQuery && lane == 0)
                (isKey ? keys : values).Scales[place] = scale;
        }
        if (!stores)
            return;
        if (isQuery)
        {
            int latest = IntrinsicMath.Min(sizes.Variants - 1, chunk);
            for (int variant = 0; variant <= latest; variant++)
            {
                if (variant != (int)DcaRelation.Intra)
                {
                    int angle = variant == (int)DcaRelation.Successive
                        ? IntrinsicMath.Min(offset + successiveShift, maxPosition) : maxPosition;
                    Load(table, (long)angle * headSize, lane, headSize, packs, angles);
                }
                ArrayView<T> target = queries.SubView((((long)variant * sizes.Tokens + row) * sizes.Heads + head) * headSize, headSize);
                for (int k = 0; k < packs; k += 2)
                {
                    (Float32x4 first, Float32x4 second) = Rotated(x, angles, k);
                    if (!Exists(k, lane, headSize))
                        continue;
                    Store(target, Element(k, lane, headSize), first);
                    Store(target, Element(k + 1, lane, headSize), second);
                }
            }
            return;
        }
        ArrayView<TCache> rows = isKey ? keys.Packs : values.Packs;
        for (int k = 0; k < packs; k++)
            if (Exists(k, lane, headSize))
                default(TCache).Store(rows, place * headSize + Element(k, lane, headSize), x[k] * factor);
    }

    /// <summary>
    /// Where in a head a lane's pack begins: even packs lie in its first half, the odd ones behind them in its second. Those past the
    /// end repeat the last.
    /// </summary>
    static int Element(int pack, int lane, int headSize) =>
        (pack & 1) * (headSize / 2) + IntrinsicMath.Min((pack >> 1) * Stride + lane * Neighbours, headSize / 2 - Neighbours);

    static bool Exists(int pack, int lane, int headSize) =>
        headSize / 2 % Stride == 0 || (pack >> 1) * Stride + lane * Neighbours < headSize / 2;

    static (Float32x4 First, Float32x4 Second) Rotated(ArrayView<Float32x4> x, ArrayView<Float32x4> angles, int pack)
    {
        Float32x4 first = x[pack], second = x[pack + 1], cos = angles[pack], sin = angles[pack + 1];
        return (first * cos - second * sin, second * cos + first * sin);
    }

    /// <summary>1 / sqrt(mean of the head's squares + epsilon); all lanes of the warp together.</summary>
    static float InverseRms(ArrayView<Float32x4> x, int lane, int headSize, int packs, float epsilon)
    {
        float sumOfSquares = 0f;
        for (int k = 0; k < packs; k++)
        {
            float sum = x[k].Dot(x[k], x[k], sumOfSquares);
            sumOfSquares = Exists(k, lane, headSize) ? sum : sumOfSquares;
        }
        for (int mask = Lanes / 2; mask > 0; mask >>= 1)
            sumOfSquares += Warp.ShuffleXor(sumOfSquares, mask);
        return XMath.Rsqrt(sumOfSquares / headSize + epsilon);
    }

    /// <summary>The scale of a row by its extremes; all lanes of the warp together.</summary>
    static float RowScale(ArrayView<Float32x4> x, int packs)
    {
        float low = 0f, high = 0f;
        for (int k = 0; k < packs; k++)
            for (int e = 0; e < Neighbours; e++)
            {
                low = XMath.Max(low, -x[k].Element(e));
                high = XMath.Max(high, x[k].Element(e));
            }
        for (int mask = Lanes / 2; mask > 0; mask >>= 1)
        {
            low = XMath.Max(low, Warp.ShuffleXor(low, mask));
            high = XMath.Max(high, Warp.ShuffleXor(high, mask));
        }
        return default(TCache).Scale(-low, high);
    }

    /// <summary>A lane's packs of a row of float32.</summary>
    static void Load(ArrayView<float> rows, long start, int lane, int headSize, int packs, ArrayView<Float32x4> loaded)
    {
        ArrayView<Float32x4> row = rows.SubView(start, headSize).Cast<Float32x4>();
        for (int k = 0; k < packs; k++)
            loaded[k] = row[Element(k, lane, headSize) >> NeighboursShift];
    }

    static Float32x4 Load(ArrayView<T> row, int i)
    {
        ArrayView<T> run = row.SubView(i, Neighbours).AsAligned(Neighbours * Interop.SizeOf<T>());
        return new(default(TElement).Load(run[0]), default(TElement).Load(run[1]),
            default(TElement).Load(run[2]), default(TElement).Load(run[3]));
    }

    static void Store(ArrayView<T> row, int i, Float32x4 x)
    {
        // All conversions before all stores, which are then merged.
        T a = default(TElement).Store(x.A), b = default(TElement).Store(x.B);
        T c = default(TElement).Store(x.C), d = default(TElement).Store(x.D);
        ArrayView<T> run = row.SubView(i, Neighbours).AsAligned(Neighbours * Interop.SizeOf<T>());
        run[0] = a;
        run[1] = b;
        run[2] = c;
        run[3] = d;
    }
}
