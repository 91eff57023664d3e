using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Attention.Cache;

namespace IlgpuDca.Kernels.Attention;

/// <summary>Attention of one query over the paged cache, plain or Dual Chunk.</summary>
public abstract class DecodingAttention<T, TCache>
    where T : unmanaged
    where TCache : unmanaged, ICachePack<TCache>
{
    /// <summary>
    /// Parts to cut a text into so that the machine is full. The same for all texts between two powers of two, so that a captured
    /// launch serves them all.
    /// </summary>
    /// <param name="tokens">Tokens of the text, the query's included.</param>
    /// <param name="heads">Query heads.</param>
    /// <param name="layout">KV heads and head size.</param>
    public abstract int Splits(int tokens, int heads, KvLayout layout);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="queries">[variants, 1, heads, headSize], rotated.</param>
    /// <param name="keys">The layer's key pages; they hold the text up to the query. All rows but the query's own may be read ahead of
    /// the kernel before this one, so they are older than the last launch that started alone
    /// (<see cref="LaunchOverlap.NextStartsAlone"/>).</param>
    /// <param name="values">The layer's value pages, likewise.</param>
    /// <param name="pageTable">The page of every 128 tokens of the text, as old.</param>
    /// <param name="position">[1]: the query's place in the text, as old, read when the kernel runs; empty: it is token.</param>
    /// <param name="scratch">What parts are handed over in.</param>
    /// <param name="output">[heads, headSize].</param>
    /// <param name="token">The query's place in the text; where position is given, any place that the buffers have room for.</param>
    /// <param name="splits">Parts of the keys: <see cref="Splits"/>.</param>
    /// <param name="heads">Query heads.</param>
    /// <param name="layout">KV heads and head size.</param>
    /// <param name="geometry">Plain or Dual Chunk.</param>
    /// <param name="scale">What scores are multiplied by.</param>
    /// <exception cref="ArgumentException">Says what was found and what was expected.</exception>
    public void Run(AcceleratorStream stream, ArrayView<T> queries, KvRows<TCache> keys, KvRows<TCache> values, ArrayView<int> pageTable, ArrayView<int> position,
        DecodingScratch scratch, ArrayView<T> output, int token, int splits, int heads, KvLayout layout, DcaGeometry geometry, float scale)
    {
        AttentionSizes sizes = new(token, 1, heads, layout, geometry, scale);
        sizes.Check(queries.Length, pageTable.Length, output.Length);
        if (splits is < 1 or > DecodingScratch.MaxSplits || scratch.Partial.Length < DecodingScratch.PartialElements(heads, layout.HeadSize) || scratch.Arrivals.Length < heads)
            throw new ArgumentException($"decode attention: {splits} splits, {scratch.Partial.Length} floats and {scratch.Arrivals.Length} counters of scratch; "
                + $"1 to {DecodingScratch.MaxSplits} splits, {DecodingScratch.PartialElements(heads, layout.HeadSize)} floats and {heads} counters are needed.");
        Launch(stream, queries, keys, values, pageTable, position, scratch, output, splits, sizes);
    }

    /// <summary>Queues the kernel; operands and sizes are checked.</summary>
    protected internal abstract void Launch(AcceleratorStream stream, ArrayView<T> queries, KvRows<TCache> keys, KvRows<TCache> values, ArrayView<int> pageTable,
        ArrayView<int> position, DecodingScratch scratch, ArrayView<T> output, int splits, AttentionSizes sizes);
}
