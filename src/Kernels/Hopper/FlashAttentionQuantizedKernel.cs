using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>
/// <see cref="FlashAttentionHopperKernel"/> over a quantised cache: the first warpgroup, all of it, takes the place of the copy
/// engine. It loads codes into registers, makes bfloat16 of them and stores these where the copy engine would have put them.
/// </summary>
/// <remarks>
/// A thread has 8 neighbouring elements of every eighth row (16th at head size 64): 16 threads cover a row of 128 elements, so that loads
/// cover whole rows, and the 8 threads that store together cover all banks. All its packs of the tile after are under way while it
/// converts one tile, each loaded where one has just been converted.
/// Of 3,200 cycles that the multiplications of a page take, the conversion of bytes issues about 1,000.
/// </remarks>
static class FlashAttentionQuantizedKernel<TCache>
    where TCache : unmanaged, ITensorCorePack<TCache>
{
    const int Producers = 128;

    /// <summary>The named barrier of the first warpgroup.</summary>
    const int ProducersMeet = 5;

    const int Keys = KvLayout.PageTokens;

    public static void Kernel(
        TensorMap queries, KvRows<TCache> keys, KvRows<TCache> values, ArrayView<int> pageTable, ArrayView<uint> output, ArrayView<int> counters,
        AttentionSizes sizes, AttentionOrder order, SpecializedValue<int> headSize)
    {
        ArrayView<byte> shared = SharedMemory.GetDynamic<byte>();
        AttentionBarriers barriers = new(SharedMemory.Allocate<Mbarrier>(AttentionBarriers.Count));
        ArrayView<int> ticket = SharedMemory.Allocate<int>(1);
        if (Group.IdxX == 0)
            barriers.Initialize(Producers, FlashAttentionHopperKernel.Consumers);
        Group.Barrier();
        LaunchOverlap.Begin();

        // The same in all lanes, so that what follows from it is computed once a warp.
        int warpgroup = Warp.Shuffle(Group.IdxX / Producers, 0);
        if (warpgroup == 0)
        {
            Wgmma.DecreaseRegisters(72);
            Fetch(queries, keys, values, pageTable, counters, ticket, shared, barriers, sizes, order, headSize.Value);
        }
        else
        {
            Wgmma.IncreaseRegisters(216);
            FlashAttentionHopperKernel.Consume(output, ticket, shared, barriers, sizes, order, headSize.Value, warpgroup - 1);
        }
    }

    /// <summary>The first thread takes work and fetches its queries; all fetch its pages.</summary>
    static void Fetch(TensorMap queries, KvRows<TCache> keys, KvRows<TCache> values, ArrayView<int> pageTable, ArrayView<int> counters, ArrayView<int> ticket,
        ArrayView<byte> shared, AttentionBarriers barriers, AttentionSizes sizes, AttentionOrder order, int headSize)
    {
        int bytes = FlashAttentionHopperKernel.TileBytes(headSize), end = order.Tiles * sizes.Heads, count = PacksOfThread(headSize);
        ArrayView<TCache> packs = LocalMemory.Allocate<TCache>(count);
        ArrayView<float> scales = LocalMemory.Allocate<float>(count);
        PipelineState state = default;
        int index = Grid.IdxX;
        for (int round = 0; ; round++)
        {
            if (Group.IdxX == 0)
            {
                Mbarrier.Wait(ref barriers.QueriesEmpty, ~round & 1);
                ticket[0] = index;
                if (index < end)
                    FlashAttentionHopperKernel.FetchQueries(queries, new AttentionWork(index, order, sizes), shared, barriers, sizes, headSize);
                else
                    Mbarrier.Arrive(ref barriers.QueriesFull);
            }
            NamedBarrier.Sync(ProducersMeet, Producers);
            int taken = ticket[0];
            if (taken >= end)
                break;
            AttentionWork work = new(taken, order, sizes);
            int kvHead = work.Head / (sizes.Heads / sizes.KvHeads), row = (pageTable[0] * sizes.KvHeads + kvHead) * Keys;
            for (int i = 0; i < count; i++)
                Load(keys, packs, scales, row, i, headSize);
            for (int page = 0; page < work.Pages; page++)
            {
                int next = (pageTable[IntrinsicMath.Min(page + 1, work.Pages - 1)] * sizes.KvHeads + kvHead) * Keys;
                Mbarrier.Wait(ref barriers.KeysEmpty(state.Stage), state.Parity ^ 1);
                Convert(packs, scales, shared.SubView((3 + state.Stage) * bytes, bytes), values, row, headSize);
                Mbarrier.Arrive(ref barriers.KeysFull(state.Stage));
                Mbarrier.Wait(ref barriers.ValuesEmpty(state.Stage), state.Parity ^ 1);
                Convert(packs, scales, shared.SubView((3 + AttentionBarriers.Stages + state.Stage) * bytes, bytes), keys, next, headSize);
                Mbarrier.Arrive(ref barriers.ValuesFull(state.Stage));
                row = next;
                state.Advance(AttentionBarriers.Stages);
            }
            if (Group.IdxX == 0)
                index = Grid.DimX + Atomic.Add(ref counters[0], 1);
            NamedBarrier.Sync(ProducersMeet, Producers);
        }
        if (Group.IdxX == 0)
            FlashAttentionHopperKernel.Leave(counters);
    }

    /// <summary>Rows of a page that all threads take together: whole swizzle patterns, so that a thread's place in the pattern stays.</summary>
    static int RowsTogether(int headSize) => Producers / (headSize / 8);

    /// <summary>Packs of a tile that a thread converts.</summary>
    static int PacksOfThread(int headSize) => Keys * (headSize / 8) / Producers;

    /// <summary>Has a pack of codes and its scale come from a page that begins with a row.</summary>
    static void Load(KvRows<TCache> rows, ArrayView<TCache> packs, ArrayView<float> scales, int row, int i, int headSize)
    {
        int perRow = headSize / 8, first = Group.IdxX / perRow;
        long place = (long)row + first, below = i * RowsTogether(headSize);
        packs[i] = rows.Packs[place * perRow + (Group.IdxX - first * perRow) + below * perRow];
        scales[i] = rows.Scales[place + below];
    }

    /// <summary>All packs, as bfloat16, into a tile of swizzled rows of 64 elements; in each one's place comes one of the tile after.</summary>
    static void Convert(ArrayView<TCache> packs, ArrayView<float> scales, ArrayView<byte> target, KvRows<TCache> following, int followingRow, int headSize)
    {
        ArrayView<BFloat16x8> tile = target.Cast<BFloat16x8>();
        int perRow = headSize / 8, row = Group.IdxX / perRow, column = Group.IdxX - row * perRow;
        int place = (column / 8 * Keys + row) * 8 + ((column & 7) ^ (row & 7));
        for (int i = 0; i < PacksOfThread(headSize); i++)
        {
            tile[place + i * RowsTogether(headSize) * 8] = packs[i].Values(scales[i]);
            Load(following, packs, scales, followingRow, i, headSize);
        }
        Tma.Fence();
    }
}
