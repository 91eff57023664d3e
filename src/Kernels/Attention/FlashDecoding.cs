using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Attention;

/// <summary>
/// Attention of one query over the paged cache, plain or Dual Chunk, split over the keys so that the machine is full, then
/// combined: each part is a softmax of its own with its maximum and total (Flash-Decoding).
/// <code>o = sum over parts of 2^(m_p - m) · o_p / sum over parts of 2^(m_p - m) · l_p,   m = max m_p</code>
/// </summary>
/// <remarks>
/// Shapes: queries [variants, 1, heads, headSize]; output [heads, headSize]; partial [splits · heads · (headSize + 2)] float32.
/// Work: a group of 128 threads takes some pages of one KV head for up to 8 of its query heads. Per page: thread = key for the
/// scores, warp = head for the softmax, thread = column for the values.
/// Traffic: each key and value is read once for its query heads (once for every 8 of them), in 16-byte loads for the keys.
/// </remarks>
public sealed class FlashDecoding<T, TElement, TPack>(Accelerator accelerator)
    where T : unmanaged
    where TElement : struct, IElement<T>
    where TPack : unmanaged, IPack<TPack>
{
    const int GroupSize = KvLayout.PageTokens;
    const int Warps = GroupSize / 32;

    /// <summary>Query heads that share a group; each has 2 sums in every thread.</summary>
    const int MaxHeadsPerGroup = 8;

    /// <summary>Parts of a text that are worked on at once, per KV head and 8 query heads.</summary>
    public const int MaxSplits = 64;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<TPack>, ArrayView<TPack>, ArrayView<T>, ArrayView<int>, ArrayView<float>, AttentionSizes, int, SpecializedValue<int>, SpecializedValue<int>> _kernel =
        accelerator.LoadKernel<ArrayView<TPack>, ArrayView<TPack>, ArrayView<T>, ArrayView<int>, ArrayView<float>, AttentionSizes, int, SpecializedValue<int>, SpecializedValue<int>>(Kernel);

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, ArrayView<T>, int, int, int> _combine =
        accelerator.LoadKernel<ArrayView<float>, ArrayView<T>, int, int, int>(Combine);

    /// <summary>Floats of scratch memory that <see cref="Run"/> needs for a text of any length.</summary>
    public static long PartialElements(int heads, int headSize) => (long)MaxSplits * heads * (headSize + 2);

    /// <param name="stream">Where the kernels are queued.</param>
    /// <param name="queries">[variants, 1, heads, headSize], rotated.</param>
    /// <param name="keys">The layer's key pages; they hold the text up to the query.</param>
    /// <param name="values">The layer's value pages.</param>
    /// <param name="pageTable">The page of every 128 tokens of the text.</param>
    /// <param name="partial">Scratch of <see cref="PartialElements"/> floats.</param>
    /// <param name="output">[heads, headSize].</param>
    /// <param name="token">The query's place in the text.</param>
    /// <param name="heads">Query heads.</param>
    /// <param name="layout">KV heads and head size.</param>
    /// <param name="geometry">Plain or Dual Chunk.</param>
    /// <param name="scale">What scores are multiplied by.</param>
    public void Run(AcceleratorStream stream, ArrayView<T> queries, ArrayView<T> keys, ArrayView<T> values, ArrayView<int> pageTable, ArrayView<float> partial,
        ArrayView<T> output, int token, int heads, KvLayout layout, DcaGeometry geometry, float scale)
    {
        AttentionSizes sizes = new(token, 1, heads, layout, geometry, scale);
        sizes.Check(queries.Length, pageTable.Length, output.Length);
        if (partial.Length < PartialElements(heads, layout.HeadSize))
            throw new ArgumentException($"FlashDecoding: partial has {partial.Length} floats; {PartialElements(heads, layout.HeadSize)} are needed.");

        int headsPerKv = heads / layout.KvHeads;
        int headsPerGroup = Math.Min(headsPerKv, MaxHeadsPerGroup);
        int blocks = layout.KvHeads * ((headsPerKv + headsPerGroup - 1) / headsPerGroup);
        int pages = KvLayout.Pages(token + 1);
        int wanted = Math.Max(1, 4 * accelerator.NumMultiprocessors / blocks);
        int pagesPerSplit = (pages + Math.Min(wanted, MaxSplits) - 1) / Math.Min(wanted, MaxSplits);
        int splits = (pages + pagesPerSplit - 1) / pagesPerSplit;

        _kernel(stream, new KernelConfig(new Index3D(splits, blocks, 1), new Index3D(GroupSize, 1, 1)), queries.Cast<TPack>(), keys.Cast<TPack>(), values,
            pageTable, partial, sizes, pagesPerSplit, SpecializedValue.New(headsPerGroup), SpecializedValue.New(layout.HeadSize));
        _combine(stream, new KernelConfig(heads, GroupSize), partial, output, splits, heads, layout.HeadSize);
    }

    static void Kernel(ArrayView<TPack> queries, ArrayView<TPack> keys, ArrayView<T> values, ArrayView<int> pageTable, ArrayView<float> partial,
        AttentionSizes sizes, int pagesPerSplit, SpecializedValue<int> headsPerGroup, SpecializedValue<int> headSize)
    {
        int packs = headSize / default(TPack).Count;
        ArrayView<TPack> queryPacks = SharedMemory.Allocate<TPack>(3 * MaxHeadsPerGroup * (headSize / default(TPack).Count));
        ArrayView<float> weights = SharedMemory.Allocate<float>(MaxHeadsPerGroup * GroupSize);
        ArrayView<float> state = SharedMemory.Allocate<float>(3 * MaxHeadsPerGroup);
        ArrayView<float> sums = LocalMemory.Allocate<float>(2 * MaxHeadsPerGroup);
        ArrayView<float> scores = LocalMemory.Allocate<float>(MaxHeadsPerGroup);

        int headsPerKv = sizes.Heads / sizes.KvHeads, blocksPerKv = (headsPerKv + headsPerGroup - 1) / headsPerGroup;
        int kvHead = Grid.IdxY / blocksPerKv, firstInKv = Grid.IdxY % blocksPerKv * headsPerGroup;
        int firstHead = kvHead * headsPerKv + firstInKv;
        int heads = IntrinsicMath.Min(headsPerGroup, headsPerKv - firstInKv);
        int thread = Group.IdxX, query = sizes.Start;
        int queryChunk = query / sizes.ChunkLength;

        for (int e = thread; e < sizes.Variants * heads * packs; e += GroupSize)
        {
            int variant = e / (heads * packs), rest = e % (heads * packs);
            queryPacks[(variant * headsPerGroup + rest / packs) * packs + rest % packs] =
                queries[(long)(variant * sizes.Heads + firstHead + rest / packs) * packs + rest % packs];
        }
        if (thread < MaxHeadsPerGroup)
        {
            state[thread] = float.NegativeInfinity;
            state[MaxHeadsPerGroup + thread] = 0f;
        }
        for (int i = 0; i < 2 * headsPerGroup; i++)
            sums[i] = 0f;

        // Narrow heads: several parts of the page's keys are summed side by side, each thread one column of one part.
        int parts = IntrinsicMath.Max(1, GroupSize / headSize);
        int column = headSize < GroupSize ? thread % headSize : thread, part = headSize < GroupSize ? thread / headSize : 0;

        int firstPage = Grid.IdxX * pagesPerSplit;
        int endPage = IntrinsicMath.Min(firstPage + pagesPerSplit, (query >> KvLayout.PageShift) + 1);
        for (int page = firstPage; page < endPage; page++)
        {
            long rows = ((long)pageTable[page] * sizes.KvHeads + kvHead) * KvLayout.PageTokens;
            int key = page * KvLayout.PageTokens + thread;
            for (int h = 0; h < headsPerGroup; h++)
                scores[h] = 0f;
            Group.Barrier();
            if (key <= query)
            {
                int variant = IntrinsicMath.Min(queryChunk - key / sizes.ChunkLength, 2);
                for (int p = 0; p < packs; p++)
                {
                    TPack keyPack = keys[(rows + thread) * packs + p];
                    for (int h = 0; h < headsPerGroup; h++)
                        scores[h] = default(TPack).Dot(keyPack, queryPacks[(variant * headsPerGroup + h) * packs + p], scores[h]);
                }
            }
            for (int h = 0; h < headsPerGroup; h++)
                weights[h * GroupSize + thread] = key <= query ? scores[h] * (sizes.Scale * XMath.Log2E) : float.NegativeInfinity;
            Group.Barrier();
            Softmax(weights, state, heads);
            Group.Barrier();

            for (int h = 0; h < headsPerGroup; h++)
            {
                float factor = state[2 * MaxHeadsPerGroup + h];
                sums[h] *= factor;
                sums[headsPerGroup + h] *= factor;
            }
            int keysInPage = IntrinsicMath.Min(KvLayout.PageTokens, query + 1 - page * KvLayout.PageTokens);
            if (part < parts)
                for (int j = part; j < keysInPage; j += parts)
                {
                    long row = (rows + j) * headSize + column;
                    float value = default(TElement).Load(values[row]);
                    for (int h = 0; h < headsPerGroup; h++)
                        sums[h] += weights[h * GroupSize + j] * value;
                    if (headSize > GroupSize && column + GroupSize < headSize)
                    {
                        float second = default(TElement).Load(values[row + GroupSize]);
                        for (int h = 0; h < headsPerGroup; h++)
                            sums[headsPerGroup + h] += weights[h * GroupSize + j] * second;
                    }
                }
        }

        WritePartial(weights, state, sums, partial, sizes, firstHead, heads, column, part, parts, headsPerGroup, headSize);
    }

    /// <summary>A warp takes a head: the page's scores become weights relative to the new maximum; state holds maximum, total and what earlier sums shrink by.</summary>
    static void Softmax(ArrayView<float> weights, ArrayView<float> state, int heads)
    {
        int lane = Warp.LaneIdx;
        for (int h = Group.IdxX >> 5; h < heads; h += Warps)
        {
            int row = h * GroupSize + lane;
            float s0 = weights[row], s1 = weights[row + 32], s2 = weights[row + 64], s3 = weights[row + 96];
            float before = state[h];
            float max = XMath.Max(XMath.Max(XMath.Max(s0, s1), XMath.Max(s2, s3)), before);
            WarpReduce.Max(ref max);
            s0 = XMath.Exp2(s0 - max);
            s1 = XMath.Exp2(s1 - max);
            s2 = XMath.Exp2(s2 - max);
            s3 = XMath.Exp2(s3 - max);
            weights[row] = s0;
            weights[row + 32] = s1;
            weights[row + 64] = s2;
            weights[row + 96] = s3;
            float total = s0 + s1 + s2 + s3;
            WarpReduce.Sum(ref total);
            // All lanes have read the state before one of them changes it.
            Warp.Barrier();
            if (lane == 0)
            {
                float factor = XMath.Exp2(before - max);
                state[h] = max;
                state[MaxHeadsPerGroup + h] = state[MaxHeadsPerGroup + h] * factor + total;
                state[2 * MaxHeadsPerGroup + h] = factor;
            }
        }
    }

    /// <summary>This split's sums, with their maximum and total: [split, head, headSize + 2]. Parts of a column are added through shared memory.</summary>
    static void WritePartial(ArrayView<float> scratch, ArrayView<float> state, ArrayView<float> sums, ArrayView<float> partial, AttentionSizes sizes,
        int firstHead, int heads, int column, int part, int parts, int headsPerGroup, SpecializedValue<int> headSize)
    {
        int thread = Group.IdxX;
        for (int h = 0; h < headsPerGroup; h++)
        {
            Group.Barrier();
            scratch[thread] = sums[h];
            Group.Barrier();
            long start = ((long)Grid.IdxX * sizes.Heads + firstHead + h) * (headSize + 2);
            if (h < heads && part == 0 && column < headSize)
            {
                float sum = 0f;
                for (int p = 0; p < parts; p++)
                    sum += scratch[p * headSize + column];
                partial[start + column] = sum;
                if (headSize > GroupSize && column + GroupSize < headSize)
                    partial[start + column + GroupSize] = sums[headsPerGroup + h];
            }
            if (h < heads && thread == 0)
            {
                partial[start + headSize] = state[h];
                partial[start + headSize + 1] = state[MaxHeadsPerGroup + h];
            }
        }
    }

    static void Combine(ArrayView<float> partial, ArrayView<T> output, int splits, int heads, int headSize)
    {
        int head = Grid.IdxX, stride = headSize + 2;
        float max = float.NegativeInfinity;
        for (int split = 0; split < splits; split++)
            max = XMath.Max(max, partial[((long)split * heads + head) * stride + headSize]);
        for (int c = Group.IdxX; c < headSize; c += GroupSize)
        {
            float sum = 0f, total = 0f;
            for (int split = 0; split < splits; split++)
            {
                long row = ((long)split * heads + head) * stride;
                float factor = XMath.Exp2(partial[row + headSize] - max);
                sum += factor * partial[row + c];
                total += factor * partial[row + headSize + 1];
            }
            output[(long)head * headSize + c] = default(TElement).Store(sum / total);
        }
    }
}
