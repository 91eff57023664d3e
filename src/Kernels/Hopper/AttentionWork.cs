using ILGPU;
using IlgpuDca.Kernels.Attention;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>One tile of queries of one head, and the pages of keys that it meets.</summary>
readonly struct AttentionWork
{
    public readonly int Head;

    /// <summary>The first query, and the one after the last.</summary>
    public readonly int First;
    public readonly int End;

    /// <summary>Pages of the text that hold a key for one of the queries.</summary>
    public readonly int Pages;

    /// <summary>Pages before this one are two chunks away or more.</summary>
    public readonly int InterEnd;

    /// <summary>Pages before this one, from InterEnd on, are in the previous chunk.</summary>
    public readonly int SuccessiveEnd;

    public AttentionWork(int n, AttentionOrder order, AttentionSizes sizes)
    {
        (Head, int tile) = order.Of(n, sizes.Heads);
        First = sizes.TileStart(tile, FlashAttentionHopperKernel.Tile);
        End = sizes.TileEnd(First, FlashAttentionHopperKernel.Tile);
        int chunkStart = First / sizes.ChunkLength * sizes.ChunkLength;
        Pages = ((End - 1) >> KvLayout.PageShift) + 1;
        SuccessiveEnd = chunkStart >> KvLayout.PageShift;
        InterEnd = IntrinsicMath.Max(chunkStart - sizes.ChunkLength, 0) >> KvLayout.PageShift;
    }

    /// <summary>The rotation that the queries need for a page: intra 0, successive 1, inter 2.</summary>
    public int Variant(int page) => page < InterEnd ? 2 : page < SuccessiveEnd ? 1 : 0;
}
