using System.Numerics;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Attention;

/// <summary>
/// Attention of one query over the paged cache, plain or Dual Chunk, split over the keys so that the machine is full: each part is a
/// softmax of its own with its maximum and total (Flash-Decoding), and the group that is done last combines them.
/// <code>o = sum over parts of 2^(m_p - m) · o_p / sum over parts of 2^(m_p - m) · l_p,   m = max m_p</code>
/// </summary>
/// <remarks>
/// Shapes: queries [variants, 1, heads, headSize]; output [heads, headSize]; scratch as <see cref="DecodingScratch"/> says.
/// Work: a group of 4 warps takes a part of the keys of one KV head for up to 8 of its query heads. A key's row is spread over the
/// lanes of a warp (16 lanes of 16 bytes for 128 bfloat16), each of which keeps its own columns of the output; lanes that share a key
/// have a softmax of their own. The three key ranges of Dual Chunk Attention are walked one after the other, each with its rotation
/// of the query in registers. What is older than the step, all keys but the query's own, is on its way before the kernel in front
/// of this one has ended.
/// Traffic: each key and value is read once for its query heads (once for every 8 of them), 16 bytes a load, up to 16 loads of a
/// thread under way (128 KB of an H100's multiprocessor with 4 groups).
/// </remarks>
public sealed class FlashDecoding<T, TElement, TPack, TCache>(Accelerator accelerator) : DecodingAttention<T, TCache>
    where T : unmanaged
    where TElement : struct, IElement<T>
    where TPack : unmanaged, IPack<TPack>
    where TCache : unmanaged, ICachePack<TCache>
{
    const int GroupSize = DecodingCombine.GroupSize;
    const int Warps = GroupSize / 32;

    /// <summary>Query heads that share a group.</summary>
    const int MaxHeadsPerGroup = 8;

    /// <summary>Groups of one query head that a multiprocessor holds: 128 registers a thread.</summary>
    const int GroupsPerMultiprocessor = 4;

    /// <summary>Most loads of keys in a thread.</summary>
    const int MaxLoads = 8;

    /// <summary>Most elements of the output in a thread, for one head: a pack of bfloat16, or two of float32.</summary>
    const int MaxColumns = 8;

    /// <summary>Texts up to this long are cut alike.</summary>
    const int SmallestBucket = 512;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<TPack>, KvRows<TCache>, KvRows<TCache>, ArrayView<int>, ArrayView<int>,
        DecodingScratch, ArrayView<T>, AttentionSizes, SpecializedValue<int>, SpecializedValue<int>> _oneHead =
        accelerator.LoadKernel<ArrayView<TPack>, KvRows<TCache>, KvRows<TCache>, ArrayView<int>, ArrayView<int>,
            DecodingScratch, ArrayView<T>, AttentionSizes, SpecializedValue<int>, SpecializedValue<int>>(
            Kernel, new KernelSpecialization(GroupSize, GroupsPerMultiprocessor));

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<TPack>, KvRows<TCache>, KvRows<TCache>, ArrayView<int>, ArrayView<int>,
        DecodingScratch, ArrayView<T>, AttentionSizes, SpecializedValue<int>, SpecializedValue<int>> _severalHeads =
        accelerator.LoadKernel<ArrayView<TPack>, KvRows<TCache>, KvRows<TCache>, ArrayView<int>, ArrayView<int>,
            DecodingScratch, ArrayView<T>, AttentionSizes, SpecializedValue<int>, SpecializedValue<int>>(Kernel);

    public override int Splits(int tokens, int heads, KvLayout layout)
    {
        int headsPerGroup = HeadsPerGroup(heads, layout);
        int unit = Warps * new DecodingShape(layout.HeadSize / default(TPack).Count, headsPerGroup).Batch;
        long bucket = Math.Max(SmallestBucket, BitOperations.RoundUpToPowerOf2((uint)tokens));
        int fill = Math.Max(1, GroupsPerMultiprocessor * accelerator.NumMultiprocessors / Blocks(heads, layout));
        return (int)Math.Min(Math.Min(fill, DecodingScratch.MaxSplits), (bucket + unit - 1) / unit);
    }

    protected internal override void Launch(AcceleratorStream stream, ArrayView<T> queries, KvRows<TCache> keys, KvRows<TCache> values, ArrayView<int> pageTable,
        ArrayView<int> position, DecodingScratch scratch, ArrayView<T> output, int splits, AttentionSizes sizes)
    {
        KvLayout layout = new(sizes.KvHeads, sizes.HeadSize);
        int headsPerGroup = HeadsPerGroup(sizes.Heads, layout);
        KernelConfig config = new(new Index3D(splits, Blocks(sizes.Heads, layout), 1), new Index3D(GroupSize, 1, 1));
        (headsPerGroup == 1 ? _oneHead : _severalHeads)(stream, config, queries.Cast<TPack>(), keys, values, pageTable, position,
            scratch, output, sizes, SpecializedValue.New(headsPerGroup), SpecializedValue.New(layout.HeadSize));
    }

    static int HeadsPerGroup(int heads, KvLayout layout) => Math.Min(heads / layout.KvHeads, MaxHeadsPerGroup);

    static int Blocks(int heads, KvLayout layout)
    {
        int headsPerGroup = HeadsPerGroup(heads, layout);
        return layout.KvHeads * ((heads / layout.KvHeads + headsPerGroup - 1) / headsPerGroup);
    }

    static void Kernel(ArrayView<TPack> queries, KvRows<TCache> keys, KvRows<TCache> values, ArrayView<int> pageTable, ArrayView<int> position,
        DecodingScratch scratch, ArrayView<T> output, AttentionSizes sizes, SpecializedValue<int> headsPerGroup, SpecializedValue<int> headSize)
    {
        LaunchOverlap.BeginAhead();
        DecodingShape shape = new(headSize / default(TPack).Count, headsPerGroup);
        ArrayView<float> sums = LocalMemory.Allocate<float>(MaxHeadsPerGroup * MaxColumns);
        ArrayView<float> maxima = LocalMemory.Allocate<float>(MaxHeadsPerGroup), totals = LocalMemory.Allocate<float>(MaxHeadsPerGroup);

        // Empty parts are the last ones: their groups leave, and nobody waits for them. A part is a batch for each warp at least.
        // Keys before the window are in no part: the first begins with the batch that the window begins in.
        int query = sizes.StartOf(position), count = query + 1, seen = sizes.FirstVisible(0, query, 1);
        int start = seen / shape.Batch * shape.Batch, walked = count - start;
        int perSplit = IntrinsicMath.Max(((walked - 1) / Grid.DimX / shape.Batch + 1) * shape.Batch, Warps * shape.Batch);
        int parts = (walked - 1) / perSplit + 1, first = start + Grid.IdxX * perSplit, end = IntrinsicMath.Min(first + perSplit, count);
        if (Grid.IdxX >= parts)
            return;

        int headsPerKv = sizes.Heads / sizes.KvHeads, blocksPerKv = (headsPerKv + headsPerGroup - 1) / headsPerGroup;
        int kvHead = Grid.IdxY / blocksPerKv, firstHead = kvHead * headsPerKv + Grid.IdxY % blocksPerKv * headsPerGroup;
        int heads = IntrinsicMath.Min(headsPerGroup, (kvHead + 1) * headsPerKv - firstHead);
        for (int h = 0; h < headsPerGroup; h++)
        {
            maxima[h] = float.NegativeInfinity;
            totals[h] = 0f;
        }
        for (int i = 0; i < headsPerGroup * shape.PacksPerLane * default(TPack).Count; i++)
            sums[i] = 0f;

        int chunk = query / sizes.ChunkLength;
        bool hasWaited = false;
        for (int variant = sizes.Variants - 1; variant >= 0; variant--)
        {
            int low = variant == (int)DcaRelation.Inter ? 0 : (chunk - variant) * sizes.ChunkLength;
            int high = variant == (int)DcaRelation.Intra ? count : (chunk - variant + 1) * sizes.ChunkLength;
            low = IntrinsicMath.Max(low, IntrinsicMath.Max(first, seen));
            high = IntrinsicMath.Min(high, end);
            if (low < high)
                Walk(queries.SubView((long)(variant * sizes.Heads + firstHead) * shape.Packs, (long)heads * shape.Packs), keys, values, pageTable, sums, maxima, totals,
                    shape, low, high, query, kvHead, heads, sizes, ref hasWaited);
        }

        Merge(sums, maxima, totals, scratch.Partial, output, shape, parts, firstHead, heads, sizes, headSize);
        if (parts > 1)
            DecodingCombine.Run<T, TElement>(scratch, output, parts, parts, firstHead, heads, sizes.Heads, headSize);
    }

    /// <summary>
    /// The keys from low to high, all of one relation, into this thread's sums. The first range waits for the kernel before this one, a
    /// warp's first batch on its way: all keys but the query's own are older than the step, and so is the text's length.
    /// </summary>
    static void Walk(ArrayView<TPack> queries, KvRows<TCache> keys, KvRows<TCache> values, ArrayView<int> pageTable,
        ArrayView<float> sums, ArrayView<float> maxima, ArrayView<float> totals, DecodingShape shape, int low, int high, int newest,
        int kvHead, int heads, AttentionSizes sizes, ref bool hasWaited)
    {
        ArrayView<TPack> query = LocalMemory.Allocate<TPack>(MaxHeadsPerGroup * 2);
        ArrayView<TCache> key = LocalMemory.Allocate<TCache>(MaxLoads), value = LocalMemory.Allocate<TCache>(MaxLoads);
        ArrayView<float> keyScales = LocalMemory.Allocate<float>(MaxLoads), valueScales = LocalMemory.Allocate<float>(MaxLoads);
        ArrayView<float> scores = LocalMemory.Allocate<float>(MaxLoads);
        int packs = shape.Packs, lanes = shape.Lanes, perLane = shape.PacksPerLane, loads = shape.Loads, elements = default(TPack).Count;
        int slot = Warp.LaneIdx / lanes, part = Warp.LaneIdx % lanes;

        float scale = sizes.Scale * XMath.Log2E;
        int firstBatch = (low / shape.Batch + (Group.IdxX >> 5)) * shape.Batch, stride = Warps * shape.Batch;
        int nextPage = pageTable[IntrinsicMath.Min(firstBatch, high - 1) >> KvLayout.PageShift];
        bool isLoaded = !hasWaited && firstBatch < high && firstBatch + shape.Batch <= newest;
        if (isLoaded)
        {
            Load(keys, key, keyScales, shape, Rows(nextPage, kvHead, sizes), firstBatch, low, high);
            Load(values, value, valueScales, shape, Rows(nextPage, kvHead, sizes), firstBatch, low, high);
        }
        if (!hasWaited)
            LaunchOverlap.WaitForPrevious();
        hasWaited = true;
        if (firstBatch >= high)
            return;

        // Lanes past the last pack have a query of zeros, and read the last pack of keys and values for nothing.
        for (int h = 0; h < shape.Heads; h++)
            for (int p = 0; p < perLane; p++)
            {
                TPack pack = default;
                if (part + p * lanes < packs)
                    pack = queries[IntrinsicMath.Min(h, heads - 1) * packs + part + p * lanes];
                query[h * perLane + p] = pack;
            }

        if (!isLoaded)
        {
            Load(keys, key, keyScales, shape, Rows(nextPage, kvHead, sizes), firstBatch, low, high);
            Load(values, value, valueScales, shape, Rows(nextPage, kvHead, sizes), firstBatch, low, high);
        }
        int batch = firstBatch;
        while (true)
        {
            // A batch lies in one page, which is looked up during the batch before.
            nextPage = pageTable[IntrinsicMath.Min(batch + stride, high - 1) >> KvLayout.PageShift];
            for (int h = 0; h < shape.Heads; h++)
            {
                for (int u = 0; u < loads; u++)
                {
                    scores[u] = 0f;
                    for (int p = 0; p < perLane; p++)
                        scores[u] = CacheDot.Of(key[u * perLane + p], query[h * perLane + p], scores[u]);
                }
                for (int u = 0; u < loads; u += 4)
                    AddLanes(ref scores[u], ref scores[u + 1], ref scores[u + 2], ref scores[u + 3], lanes);

                float max = maxima[h];
                for (int u = 0; u < loads; u++)
                {
                    int token = batch + u * shape.KeysPerLoad + slot;
                    scores[u] = token >= low && token < high ? scores[u] * (scale * keyScales[u]) : float.NegativeInfinity;
                    max = XMath.Max(max, scores[u]);
                }
                // Lanes that have seen no key yet: 2^(-inf - 0) is zero, where 2^(-inf + inf) is not.
                float reference = max == float.NegativeInfinity ? 0f : max, factor = XMath.Exp2(maxima[h] - reference), total = totals[h] * factor;
                maxima[h] = max;
                for (int i = 0; i < perLane * elements; i++)
                    sums[h * perLane * elements + i] *= factor;
                for (int u = 0; u < loads; u++)
                {
                    float weight = XMath.Exp2(scores[u] - reference);
                    total += weight;
                    weight *= valueScales[u];
                    for (int i = 0; i < perLane * elements; i++)
                        sums[h * perLane * elements + i] += weight * value[u * perLane + i / elements].Element(i % elements);
                }
                totals[h] = total;
            }
            batch += stride;
            if (batch >= high)
                return;
            Load(keys, key, keyScales, shape, Rows(nextPage, kvHead, sizes), batch, low, high);
            Load(values, value, valueScales, shape, Rows(nextPage, kvHead, sizes), batch, low, high);
        }
    }

    static long Rows(int page, int kvHead, AttentionSizes sizes) => ((long)page * sizes.KvHeads + kvHead) * KvLayout.PageTokens;

    /// <summary>Rows of a batch; those of keys outside the range are the nearest inside, and count with a weight of zero.</summary>
    static void Load(KvRows<TCache> source, ArrayView<TCache> loaded, ArrayView<float> scales, DecodingShape shape, long rows, int batch,
        int low, int high)
    {
        int slot = Warp.LaneIdx / shape.Lanes, part = Warp.LaneIdx % shape.Lanes;
        for (int u = 0; u < shape.Loads; u++)
        {
            int token = IntrinsicMath.Max(IntrinsicMath.Min(batch + u * shape.KeysPerLoad + slot, high - 1), low);
            long row = rows + (token & (KvLayout.PageTokens - 1));
            scales[u] = source.Scale(row);
            for (int p = 0; p < shape.PacksPerLane; p++)
            {
                int pack = IntrinsicMath.Min(part + p * shape.Lanes, shape.Packs - 1);
                loaded[u * shape.PacksPerLane + p] = source.Packs[row * shape.Packs + pack];
            }
        }
    }

    /// <summary>Four sums over the lanes that share a key.</summary>
    static void AddLanes(ref float a, ref float b, ref float c, ref float d, int lanes)
    {
        if (lanes == 32)
            WarpReduce.Sum4(ref a, ref b, ref c, ref d);
        else if (lanes == 16)
            WarpReduce.SumOf16(ref a, ref b, ref c, ref d);
        else if (lanes == 8)
            WarpReduce.SumOf8(ref a, ref b, ref c, ref d);
        else
            WarpReduce.SumOf(lanes, ref a, ref b, ref c, ref d);
    }

    /// <summary>
    /// The softmaxes of the group's lanes become one: the output itself where it is the only part, else a part for
    /// <see cref="DecodingCombine"/>.
    /// </summary>
    static void Merge(ArrayView<float> sums, ArrayView<float> maxima, ArrayView<float> totals, ArrayView<float> partial, ArrayView<T> output, DecodingShape shape,
        int parts, int firstHead, int heads, AttentionSizes sizes, SpecializedValue<int> headSize)
    {
        ArrayView<float> rows = SharedMemory.Allocate<float>(GroupSize * MaxColumns);
        ArrayView<float> slotMaxima = SharedMemory.Allocate<float>(GroupSize), slotTotals = SharedMemory.Allocate<float>(GroupSize);
        int lanes = shape.Lanes, elements = default(TPack).Count, width = lanes * shape.PacksPerLane * elements, slots = GroupSize / lanes;
        int slot = Group.IdxX / lanes, lane = Group.IdxX % lanes;
        for (int h = 0; h < shape.Heads; h++)
        {
            for (int i = 0; i < shape.PacksPerLane * elements; i++)
                rows[slot * width + (lane + i / elements * lanes) * elements + i % elements] = sums[h * shape.PacksPerLane * elements + i];
            if (lane == 0)
            {
                slotMaxima[slot] = maxima[h];
                slotTotals[slot] = totals[h];
            }
            Group.Barrier();

            float max = float.NegativeInfinity, total = 0f;
            for (int s = 0; s < slots; s++)
                max = XMath.Max(max, slotMaxima[s]);
            for (int s = 0; s < slots; s++)
                total += XMath.Exp2(slotMaxima[s] - max) * slotTotals[s];
            long start = DecodingScratch.Sums(Grid.IdxX, firstHead + h, sizes.Heads, headSize);
            for (int c = Group.IdxX; c < headSize && h < heads; c += GroupSize)
            {
                float sum = 0f;
                for (int s = 0; s < slots; s++)
                    sum += XMath.Exp2(slotMaxima[s] - max) * rows[s * width + c];
                if (parts == 1)
                    output[(firstHead + h) * headSize + c] = default(TElement).Store(sum / total);
                else
                    partial[start + c] = sum;
            }
            if (Group.IdxX == 0 && parts > 1 && h < heads)
            {
                long at = DecodingScratch.Exponent(Grid.IdxX, firstHead + h, sizes.Heads, headSize);
                partial[at] = max;
                partial[at + 1] = total;
            }
            Group.Barrier();
        }
    }
}
