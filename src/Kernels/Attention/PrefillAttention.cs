using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Attention.Cache;

namespace IlgpuDca.Kernels.Attention;

/// <summary>Causal attention of a slice of queries over the paged cache, plain or Dual Chunk.</summary>
public abstract class PrefillAttention<T, TCache>
    where T : unmanaged
    where TCache : unmanaged, ICachePack<TCache>
{
    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="queries">[variants, tokens, heads, headSize], rotated by <see cref="RopeAppend{T, TElement, TCache}"/>.</param>
    /// <param name="keys">The layer's key pages; they hold the text up to the last query.</param>
    /// <param name="values">The layer's value pages.</param>
    /// <param name="pageTable">The page of every 128 tokens of the text.</param>
    /// <param name="output">[tokens, heads, headSize].</param>
    /// <param name="start">The first query's place in the text.</param>
    /// <param name="tokens">Queries.</param>
    /// <param name="heads">Query heads.</param>
    /// <param name="layout">KV heads and head size.</param>
    /// <param name="geometry">Plain or Dual Chunk.</param>
    /// <param name="scale">What scores are multiplied by: 1 / sqrt(headSize), times the attention temperature.</param>
    public abstract void Run(AcceleratorStream stream, ArrayView<T> queries, KvRows<TCache> keys, KvRows<TCache> values, ArrayView<int> pageTable, ArrayView<T> output,
        int start, int tokens, int heads, KvLayout layout, DcaGeometry geometry, float scale);
}
