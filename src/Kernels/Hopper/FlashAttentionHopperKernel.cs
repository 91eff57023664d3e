using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>
/// The kernel of <see cref="FlashAttentionHopper{TCache}"/>: a group of three warpgroups stays on its multiprocessor and takes tile after
/// tile of 128 queries. One thread of the first warpgroup fetches the queries in their rotations and page after page of keys and
/// values; the other two have 64 queries each. Which rotation meets a page is a number in the walk, so that Dual Chunk Attention
/// costs what plain attention does.
/// </summary>
/// <remarks>
/// Scores of a page are multiplied while the weights of the page before meet their values, and one warpgroup's softmax runs beside
/// the other's multiplications: barriers 1 and 2 hand the tensor cores back and forth.
/// </remarks>
static class FlashAttentionHopperKernel
{
    public const int GroupSize = 384;

    /// <summary>Queries of a group.</summary>
    public const int Tile = 128;

    /// <summary>Elements of a row of shared memory: 128 bytes, one swizzle pattern.</summary>
    public const int Piece = 64;
    public const int Consumers = 2;
    const int Warpgroup = 128, RowsOfConsumer = Tile / Consumers;
    const int RowBytes = 128, PatternBytes = 8 * RowBytes;

    /// <summary>Bytes of 128 rows: a tile of queries or a page of keys or values has one for each 64 elements of a head.</summary>
    const int PieceBytes = Tile * RowBytes;
    const int Keys = KvLayout.PageTokens, ScoresOfThread = Keys / 2;

    /// <summary>Bytes of a tile of queries, of a page of keys and of one of values.</summary>
    public static int TileBytes(int headSize) => headSize / Piece * PieceBytes;

    public static int SharedBytes(int headSize) => (3 + 2 * AttentionBarriers.Stages) * TileBytes(headSize);

    public static void Kernel(
        TensorMap queries, TensorMap keys, TensorMap values, ArrayView<int> pageTable, ArrayView<uint> output, ArrayView<int> counters,
        AttentionSizes sizes, AttentionOrder order, SpecializedValue<int> headSize)
    {
        ArrayView<byte> shared = SharedMemory.GetDynamic<byte>();
        AttentionBarriers barriers = new(SharedMemory.Allocate<Mbarrier>(AttentionBarriers.Count));
        ArrayView<int> ticket = SharedMemory.Allocate<int>(1);
        if (Group.IdxX == 0)
            barriers.Initialize(1, Consumers);
        Group.Barrier();
        LaunchOverlap.Begin();

        // The same in all lanes, so that what follows from it is computed once a warp.
        int warpgroup = Warp.Shuffle(Group.IdxX / Warpgroup, 0);
        if (warpgroup == 0)
        {
            Wgmma.DecreaseRegisters(40);
            if (Group.IdxX == 0)
                Fetch(queries, keys, values, pageTable, counters, ticket, shared, barriers, sizes, order, headSize.Value);
        }
        else
        {
            Wgmma.IncreaseRegisters(232);
            Consume(output, ticket, shared, barriers, sizes, order, headSize.Value, warpgroup - 1);
        }
    }

    /// <summary>Takes work as long as there is some: whoever is free takes the next, so that no group waits for another at the end.</summary>
    static void Fetch(TensorMap queries, TensorMap keys, TensorMap values, ArrayView<int> pageTable, ArrayView<int> counters, ArrayView<int> ticket, ArrayView<byte> shared,
        AttentionBarriers barriers, AttentionSizes sizes, AttentionOrder order, int headSize)
    {
        int pieces = headSize / Piece, bytes = TileBytes(headSize), end = order.Tiles * sizes.Heads;
        PipelineState state = default;
        int index = Grid.IdxX, round = 0;
        while (index < end)
        {
            AttentionWork work = new(index, order, sizes);
            Mbarrier.Wait(ref barriers.QueriesEmpty, ~round & 1);
            ticket[0] = index;
            FetchQueries(queries, work, shared, barriers, sizes, headSize);

            int kvHead = work.Head / (sizes.Heads / sizes.KvHeads), next = pageTable[0];
            for (int page = 0; page < work.Pages; page++)
            {
                int row = (next * sizes.KvHeads + kvHead) * Keys;
                next = pageTable[IntrinsicMath.Min(page + 1, work.Pages - 1)];
                int keyStart = (3 + state.Stage) * bytes, valueStart = (3 + AttentionBarriers.Stages + state.Stage) * bytes;
                Mbarrier.Wait(ref barriers.KeysEmpty(state.Stage), state.Parity ^ 1);
                Mbarrier.ArriveExpect(ref barriers.KeysFull(state.Stage), bytes);
                for (int piece = 0; piece < pieces; piece++)
                    Tma.Load(ref shared[keyStart + piece * PieceBytes], keys, ref barriers.KeysFull(state.Stage), piece * Piece, row);
                Mbarrier.Wait(ref barriers.ValuesEmpty(state.Stage), state.Parity ^ 1);
                Mbarrier.ArriveExpect(ref barriers.ValuesFull(state.Stage), bytes);
                for (int piece = 0; piece < pieces; piece++)
                    Tma.Load(ref shared[valueStart + piece * PieceBytes], values, ref barriers.ValuesFull(state.Stage), piece * Piece, row);
                state.Advance(AttentionBarriers.Stages);
            }
            index = Grid.DimX + Atomic.Add(ref counters[0], 1);
            round++;
        }
        Mbarrier.Wait(ref barriers.QueriesEmpty, ~round & 1);
        ticket[0] = end;
        Mbarrier.Arrive(ref barriers.QueriesFull);
        Leave(counters);
    }

    /// <summary>Every group takes one ticket too many; the last of them leaves the counters as it found them.</summary>
    public static void Leave(ArrayView<int> counters)
    {
        if (Atomic.Add(ref counters[1], 1) != Grid.DimX - 1)
            return;
        counters[0] = 0;
        counters[1] = 0;
    }

    /// <summary>The queries of a piece of work in the rotations that it needs, by the copy engine.</summary>
    public static void FetchQueries(TensorMap queries, AttentionWork work, ArrayView<byte> shared, AttentionBarriers barriers, AttentionSizes sizes, int headSize)
    {
        int bytes = TileBytes(headSize), variants = work.InterEnd > 0 ? 3 : work.SuccessiveEnd > 0 ? 2 : 1;
        Mbarrier.ArriveExpect(ref barriers.QueriesFull, variants * bytes);
        for (int variant = 0; variant < variants; variant++)
            for (int piece = 0; piece < headSize / Piece; piece++)
                Tma.Load(ref shared[variant * bytes + piece * PieceBytes], queries, ref barriers.QueriesFull,
                    work.Head * headSize + piece * Piece, work.First - sizes.Start, variant);
    }

    /// <summary>A warpgroup's half of every tile that is taken: its scores, their softmax, the weighted values, the output.</summary>
    public static void Consume(ArrayView<uint> output, ArrayView<int> ticket, ArrayView<byte> shared, AttentionBarriers barriers, AttentionSizes sizes, AttentionOrder order, int headSize, int consumer)
    {
        ArrayView<float> scores = LocalMemory.Allocate<float>(ScoresOfThread);
        ArrayView<uint> weights = LocalMemory.Allocate<uint>(ScoresOfThread / 2);
        ArrayView<float> sums = LocalMemory.Allocate<float>(headSize / 2);
        int bytes = TileBytes(headSize);
        SharedMatrix queryMatrix = SharedMatrix.Of(ref shared[consumer * RowsOfConsumer * RowBytes], 16, PatternBytes, SharedSwizzle.Bytes128);
        SharedMatrix keyMatrix = SharedMatrix.Of(ref shared[3 * bytes], 16, PatternBytes, SharedSwizzle.Bytes128);
        SharedMatrix valueMatrix = SharedMatrix.Of(ref shared[(3 + AttentionBarriers.Stages) * bytes], PieceBytes, PatternBytes, SharedSwizzle.Bytes128);
        int row = consumer * RowsOfConsumer + Group.IdxX % Warpgroup / 32 * 16 + Warp.LaneIdx / 4;
        float scale = sizes.Scale * XMath.Log2E;
        bool releases = Group.IdxX % Warpgroup == 0;
        PipelineState keyState = default, valueState = default;

        if (consumer == 1)
            NamedBarrier.Arrive(1, Consumers * Warpgroup);
        for (int round = 0; ; round++)
        {
            Mbarrier.Wait(ref barriers.QueriesFull, round & 1);
            if (ticket[0] >= order.Tiles * sizes.Heads)
                break;
            AttentionWork work = new(ticket[0], order, sizes);
            OnlineSoftmax softmax = OnlineSoftmax.Start();
            int upper = work.First + row;
            for (int k = 0; k < headSize / 2; k++)
                sums[k] = 0f;

            Mbarrier.Wait(ref barriers.KeysFull(keyState.Stage), keyState.Parity);
            NamedBarrier.Sync(1 + consumer, Consumers * Warpgroup);
            Wgmma.Fence();
            Score(scores, queryMatrix, keyMatrix, work.Variant(0), keyState.Stage, headSize);
            Wgmma.Commit();
            NamedBarrier.Arrive(2 - consumer, Consumers * Warpgroup);
            Wgmma.Wait(0);
            if (releases)
                Mbarrier.Arrive(ref barriers.KeysEmpty(keyState.Stage));
            keyState.Advance(AttentionBarriers.Stages);
            if (work.First < Keys - 1)
                Mask(scores, 0, upper);
            softmax.Update(scores, ScoresOfThread, scale, out float _, out float _);
            Pack(scores, weights);

            int unmasked = IntrinsicMath.Max(IntrinsicMath.Min((work.First + 1) / Keys, work.Pages), 1);
            for (int page = 1; page < unmasked; page++)
                Step(page, false, scores, weights, sums, barriers, queryMatrix, keyMatrix, valueMatrix, work, ref keyState, ref valueState, ref softmax, upper, scale, headSize, consumer);
            for (int page = unmasked; page < work.Pages; page++)
                Step(page, true, scores, weights, sums, barriers, queryMatrix, keyMatrix, valueMatrix, work, ref keyState, ref valueState, ref softmax, upper, scale, headSize, consumer);
            if (releases)
                Mbarrier.Arrive(ref barriers.QueriesEmpty);

            Mbarrier.Wait(ref barriers.ValuesFull(valueState.Stage), valueState.Parity);
            ClearPastEnd(shared.SubView((3 + AttentionBarriers.Stages + valueState.Stage) * bytes, bytes).Cast<BFloat16x8>(),
                sizes.Start + sizes.Tokens - (work.Pages - 1) * Keys, headSize, consumer);
            Wgmma.Fence();
            Weigh(sums, weights, valueMatrix, valueState.Stage, headSize);
            Wgmma.Commit();
            Wgmma.Wait(0);
            if (releases)
                Mbarrier.Arrive(ref barriers.ValuesEmpty(valueState.Stage));
            valueState.Advance(AttentionBarriers.Stages);
            Write(output, sums, softmax, work, sizes, upper, headSize);
        }
        if (consumer == 0)
            NamedBarrier.Sync(1, Consumers * Warpgroup);
    }

    /// <summary>A page's scores while the weights of the page before meet their values.</summary>
    static void Step(int page, bool masks, ArrayView<float> scores, ArrayView<uint> weights, ArrayView<float> sums, AttentionBarriers barriers, SharedMatrix queryMatrix,
        SharedMatrix keyMatrix, SharedMatrix valueMatrix, AttentionWork work, ref PipelineState keyState, ref PipelineState valueState, ref OnlineSoftmax softmax, int upper, float scale,
        int headSize, int consumer)
    {
        bool releases = Group.IdxX % Warpgroup == 0;
        Mbarrier.Wait(ref barriers.KeysFull(keyState.Stage), keyState.Parity);
        NamedBarrier.Sync(1 + consumer, Consumers * Warpgroup);
        Wgmma.Fence();
        Score(scores, queryMatrix, keyMatrix, work.Variant(page), keyState.Stage, headSize);
        Wgmma.Commit();
        Mbarrier.Wait(ref barriers.ValuesFull(valueState.Stage), valueState.Parity);
        Wgmma.Fence();
        Weigh(sums, weights, valueMatrix, valueState.Stage, headSize);
        Wgmma.Commit();
        NamedBarrier.Arrive(2 - consumer, Consumers * Warpgroup);
        Wgmma.Wait(1);
        if (releases)
            Mbarrier.Arrive(ref barriers.KeysEmpty(keyState.Stage));
        keyState.Advance(AttentionBarriers.Stages);
        if (masks)
            Mask(scores, page, upper);
        softmax.Update(scores, ScoresOfThread, scale, out float factorUpper, out float factorLower);
        Wgmma.Wait(0);
        if (releases)
            Mbarrier.Arrive(ref barriers.ValuesEmpty(valueState.Stage));
        valueState.Advance(AttentionBarriers.Stages);
        Rescale(sums, headSize, factorUpper, factorLower);
        Pack(scores, weights);
    }

    /// <summary>scores = the warpgroup's queries times a page's keys.</summary>
    static void Score(ArrayView<float> scores, SharedMatrix queryMatrix, SharedMatrix keyMatrix, int variant, int stage, int headSize)
    {
        int bytes = TileBytes(headSize);
        SharedMatrix query = queryMatrix.Advance(variant * bytes), key = keyMatrix.Advance(stage * bytes);
        for (int k = 0; k < headSize / 16; k++)
        {
            // 16 elements are 32 bytes of a row; each 64 elements the next piece.
            int offset = k / 4 * PieceBytes + k % 4 * 32;
            Wgmma.MultiplyAdd(scores, query.Advance(offset), key.Advance(offset), k > 0 ? 1 : 0);
        }
    }

    /// <summary>sums += weights times a page's values.</summary>
    static void Weigh(ArrayView<float> sums, ArrayView<uint> weights, SharedMatrix valueMatrix, int stage, int headSize)
    {
        SharedMatrix value = valueMatrix.Advance(stage * TileBytes(headSize));
        for (int k = 0; k < Keys / 16; k++)
            Wgmma.MultiplyAddRegistersTransposed(sums, weights.SubView(4 * k, 4), value.Advance(k * 2 * PatternBytes), 1);
    }

    /// <summary>Keys after the query count for nothing; only the last pages have any.</summary>
    static void Mask(ArrayView<float> scores, int page, int upper)
    {
        int key = page * Keys + Warp.LaneIdx % 4 * 2;
        for (int k = 0; k < Keys / 8; k++)
            for (int element = 0; element < 2; element++)
            {
                float score = scores[4 * k + element], below = scores[4 * k + 2 + element];
                int place = key + 8 * k + element;
                scores[4 * k + element] = place > upper ? float.NegativeInfinity : score;
                scores[4 * k + 2 + element] = place > upper + 8 ? float.NegativeInfinity : below;
            }
    }

    static void Pack(ArrayView<float> scores, ArrayView<uint> weights)
    {
        for (int k = 0; k < ScoresOfThread / 2; k++)
            weights[k] = BFloat16Pair.Pack(scores[2 * k], scores[2 * k + 1]);
    }

    static void Rescale(ArrayView<float> sums, int headSize, float factorUpper, float factorLower)
    {
        if (factorUpper == 1f && factorLower == 1f)
            return;
        for (int k = 0; k < headSize / 2; k += 4)
        {
            sums[k] *= factorUpper;
            sums[k + 1] *= factorUpper;
            sums[k + 2] *= factorLower;
            sums[k + 3] *= factorLower;
        }
    }

    /// <summary>Each consumer clears half of what a page lacks: what stands there must not meet a weight, not even 0.</summary>
    static void ClearPastEnd(ArrayView<BFloat16x8> values, int valid, int headSize, int consumer)
    {
        if (valid >= Keys)
            return;
        const int packs = RowBytes / 16;
        int first = valid * packs + consumer * Warpgroup + Group.IdxX % Warpgroup;
        for (int index = first; index < Keys * packs; index += Consumers * Warpgroup)
            for (int piece = 0; piece < headSize / Piece; piece++)
                values[piece * (PieceBytes / 16) + index] = default;
        Tma.Fence();
        NamedBarrier.Sync(3, Consumers * Warpgroup);
    }

    static void Write(ArrayView<uint> output, ArrayView<float> sums, OnlineSoftmax softmax, AttentionWork work, AttentionSizes sizes, int upper, int headSize)
    {
        float upperFactor = XMath.Rcp(OnlineSoftmax.Total(softmax.TotalUpper)), lowerFactor = XMath.Rcp(OnlineSoftmax.Total(softmax.TotalLower));
        long start = (((long)(upper - sizes.Start) * sizes.Heads + work.Head) * headSize >> 1) + Warp.LaneIdx % 4;
        long below = 8L * sizes.Heads * headSize >> 1;
        for (int k = 0; k < headSize / 8; k++)
        {
            if (upper < work.End)
                output[start + 4 * k] = BFloat16Pair.Pack(sums[4 * k] * upperFactor, sums[4 * k + 1] * upperFactor);
            if (upper + 8 < work.End)
                output[start + below + 4 * k] = BFloat16Pair.Pack(sums[4 * k + 2] * lowerFactor, sums[4 * k + 3] * lowerFactor);
        }
    }
}
