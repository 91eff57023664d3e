using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;

namespace IlgpuDca.Model;

/// <summary>Attention over the cache, whatever its type: a slice's heads are rotated and cached, then prefill or decoding.</summary>
abstract class CachedAttention<T>
    where T : unmanaged
{
    /// <summary>What keys and values are cached as.</summary>
    public abstract CacheType Type { get; }

    /// <summary>Parts that the keys of one token are cut into: <see cref="DecodingAttention{T, TCache}.Splits"/>.</summary>
    public abstract int Splits(int tokens, int heads, KvLayout layout);

    /// <summary>Caches a slice's keys and values, and lets its queries meet the text.</summary>
    /// <param name="stream">Where kernels are queued.</param>
    /// <param name="qkv">[tokens, (heads + 2 kvHeads) · headSize].</param>
    /// <param name="weights">The layer's biases and gains of heads; default: none.</param>
    /// <param name="queries">[variants, tokens, heads, headSize]: takes the rotated queries.</param>
    /// <param name="output">[tokens, heads, headSize].</param>
    /// <param name="cache">The text's.</param>
    /// <param name="layer">Which layer.</param>
    /// <param name="scratch">What parts of one token's attention are handed over in.</param>
    /// <param name="heads">Query heads.</param>
    /// <param name="slice">Where the slice stands, its geometry this layer's.</param>
    public abstract void Run(AcceleratorStream stream, ArrayView<T> qkv, HeadWeights weights, ArrayView<T> queries, ArrayView<T> output,
        KvCache cache, int layer, DecodingScratch scratch, int heads, SliceContext slice);
}

/// <summary>A <see cref="CachedAttention{T}"/> of one cache type.</summary>
sealed class CachedAttention<T, TElement, TCache>(Accelerator accelerator, CacheType type, PrefillAttention<T, TCache> prefill, DecodingAttention<T, TCache> decoding)
    : CachedAttention<T>
    where T : unmanaged
    where TElement : struct, IElement<T>
    where TCache : unmanaged, ICachePack<TCache>
{
    readonly RopeAppend<T, TElement, TCache> _append = new(accelerator);

    public override CacheType Type => type;

    public override int Splits(int tokens, int heads, KvLayout layout) => decoding.Splits(tokens, heads, layout);

    public override void Run(AcceleratorStream stream, ArrayView<T> qkv, HeadWeights weights, ArrayView<T> queries, ArrayView<T> output,
        KvCache cache, int layer, DecodingScratch scratch, int heads, SliceContext slice)
    {
        KvRows<TCache> keys = cache.Keys<TCache>(layer), values = cache.Values<TCache>(layer);
        _append.Run(stream, qkv, weights, slice.RopeTable, queries, keys, values, cache.PageTable, slice.Position,
            slice.Start, slice.Tokens, heads, cache.Layout, slice.Geometry);
        if (slice.Tokens == 1)
            decoding.Run(stream, queries, keys, values, cache.PageTable, slice.Position, scratch, output, slice.Start, slice.Splits, heads, cache.Layout, slice.Geometry, slice.Scale);
        else
            prefill.Run(stream, queries, keys, values, cache.PageTable, output, slice.Start, slice.Tokens, heads, cache.Layout, slice.Geometry, slice.Scale);
    }
}
