using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>
/// In which order a launch takes its tiles: of some heads at a time the longest first. Few heads share their keys in L2; but the last
/// heads need enough tiles for all multiprocessors, so that short ones come last and nobody waits for a long one.
/// </summary>
/// <param name="tiles">Tiles of a head.</param>
/// <param name="headsTogether">Heads that are taken together, all that share a KV head among them.</param>
readonly struct AttentionOrder(int tiles, int headsTogether)
{
    public readonly int Tiles = tiles;

    public readonly int HeadsTogether = headsTogether;

    /// <summary>
    /// The order for a slice: heads with tiles for more than half of the multiprocessors, as far as half of L2 holds their keys and values.
    /// </summary>
    /// <param name="accelerator">Where the kernel runs.</param>
    /// <param name="sizes">The slice.</param>
    public static AttentionOrder Of<TCache>(Accelerator accelerator, AttentionSizes sizes)
        where TCache : unmanaged, ICachePack<TCache>
    {
        int tiles = sizes.Tiles(FlashAttentionHopperKernel.Tile), heads = sizes.Heads / sizes.KvHeads;
        long bytes = 2L * (sizes.Start + sizes.Tokens) * sizes.HeadSize / default(TCache).Count * Interop.SizeOf<TCache>();
        long room = accelerator is CudaAccelerator cuda ? cuda.L2CacheSize / 2 : long.MaxValue;
        return new AttentionOrder(tiles, heads * KvHeadsTogether(tiles * heads, sizes.KvHeads, accelerator.NumMultiprocessors, bytes, room));
    }

    /// <summary>KV heads that are taken together, a power of two.</summary>
    /// <param name="tiles">Tiles of all heads that share a KV head.</param>
    /// <param name="kvHeads">How many there are.</param>
    /// <param name="multiprocessors">Of the device.</param>
    /// <param name="bytes">Keys and values of one.</param>
    /// <param name="room">Bytes for those of all that are taken together.</param>
    internal static int KvHeadsTogether(int tiles, int kvHeads, int multiprocessors, long bytes, long room)
    {
        int together = 1;
        while (2L * tiles * together <= multiprocessors && 2 * together * bytes <= room && 2 * together <= kvHeads)
            together *= 2;
        return together;
    }

    /// <summary>The head and the tile of the n-th piece of work.</summary>
    /// <param name="n">From 0 to Tiles · heads - 1.</param>
    /// <param name="heads">Heads of the launch.</param>
    public (int Head, int Tile) Of(int n, int heads)
    {
        int first = n / (Tiles * HeadsTogether) * HeadsTogether, inBand = n - first * Tiles;
        int together = IntrinsicMath.Min(HeadsTogether, heads - first);
        return (first + inBand % together, Tiles - 1 - inBand / together);
    }
}
