using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>
/// Causal attention, plain or Dual Chunk, by wgmma and the copy engine (sm_90a), after FlashAttention-3 (arXiv 2407.08608).
/// <code>o[i] = sum over j &lt;= i of softmax_j(scale · q_r(i,j)[i] · k[j]) v[j],   r = the relation of i and j</code>
/// </summary>
/// <remarks>
/// Shapes: <see cref="PrefillAttention{T, TCache}"/>; head sizes 64 and 128; chunks of a multiple of 128 tokens, so that a page of keys
/// has one relation to a tile of queries. Launches of one instance follow each other on a stream: they share two counters.
/// </remarks>
public sealed class FlashAttentionHopper<TCache>(Accelerator accelerator) : PrefillAttention<BFloat16, TCache>
    where TCache : unmanaged, ITensorCorePack<TCache>
{
    readonly Action<AcceleratorStream, KernelConfig, TensorMap, TensorMap, TensorMap, ArrayView<int>, ArrayView<uint>, ArrayView<int>, AttentionSizes, AttentionOrder, SpecializedValue<int>> _plain =
        accelerator.LoadKernel<TensorMap, TensorMap, TensorMap, ArrayView<int>, ArrayView<uint>, ArrayView<int>, AttentionSizes, AttentionOrder, SpecializedValue<int>>(
            FlashAttentionHopperKernel.Kernel, new KernelSpecialization(FlashAttentionHopperKernel.GroupSize, 1));

    readonly Action<AcceleratorStream, KernelConfig, TensorMap, KvRows<TCache>, KvRows<TCache>, ArrayView<int>, ArrayView<uint>, ArrayView<int>, AttentionSizes, AttentionOrder, SpecializedValue<int>> _quantized =
        accelerator.LoadKernel<TensorMap, KvRows<TCache>, KvRows<TCache>, ArrayView<int>, ArrayView<uint>, ArrayView<int>, AttentionSizes, AttentionOrder, SpecializedValue<int>>(
            FlashAttentionQuantizedKernel<TCache>.Kernel, new KernelSpecialization(FlashAttentionHopperKernel.GroupSize, 1));

    /// <summary>Whether a head size and a chunk length have this kernel, which walks all keys.</summary>
    public static bool Supports(int headSize, DcaGeometry geometry) =>
        headSize is 64 or 128 && !geometry.HasWindow && geometry.VisibleChunks == int.MaxValue && (geometry.IsDense || geometry.ChunkLength % KvLayout.PageTokens == 0);

    /// <summary>The next piece of work, and the groups that found none left; zero between launches.</summary>
    MemoryBuffer1D<int, Stride1D.Dense>? _counters;

    public override void Run(AcceleratorStream stream, ArrayView<BFloat16> queries, KvRows<TCache> keys, KvRows<TCache> values, ArrayView<int> pageTable,
        ArrayView<BFloat16> output, int start, int tokens, int heads, KvLayout layout, DcaGeometry geometry, float scale)
    {
        AttentionSizes sizes = new(start, tokens, heads, layout, geometry, scale);
        sizes.Check(queries.Length, pageTable.Length, output.Length);
        if (!Supports(layout.HeadSize, geometry))
            throw new ArgumentException($"FlashAttentionHopper: the head size is {layout.HeadSize}, the chunk length {geometry.ChunkLength}; "
                + $"the head size must be 64 or 128, the chunk length a multiple of {KvLayout.PageTokens}.");
        int width = heads * layout.HeadSize;
        AttentionOrder order = AttentionOrder.Of<TCache>(accelerator, sizes);
        TensorMap mapQ = TensorMap.Create(accelerator, queries, [width, tokens, sizes.Variants], [width, (long)tokens * width],
            [FlashAttentionHopperKernel.Piece, FlashAttentionHopperKernel.Tile, 1], SharedSwizzle.Bytes128);
        int groups = (int)Math.Min((long)order.Tiles * heads, accelerator.NumMultiprocessors);
        KernelConfig config = new(groups, FlashAttentionHopperKernel.GroupSize, SharedMemoryConfig.RequestDynamic<byte>(FlashAttentionHopperKernel.SharedBytes(layout.HeadSize)));
        SpecializedValue<int> headSize = SpecializedValue.New(layout.HeadSize);
        if (default(TCache).IsScaled)
            _quantized(stream, config, mapQ, keys, values, pageTable, output.Cast<uint>(), Counters(stream), sizes, order, headSize);
        else
            _plain(stream, config, mapQ, Map(keys, layout), Map(values, layout), pageTable, output.Cast<uint>(), Counters(stream), sizes, order, headSize);
    }

    /// <summary>Pages of one head's rows.</summary>
    TensorMap Map(KvRows<TCache> rows, KvLayout layout)
    {
        ArrayView<BFloat16> elements = rows.Packs.Cast<BFloat16>();
        return TensorMap.Create(accelerator, elements, [layout.HeadSize, elements.Length / layout.HeadSize], [layout.HeadSize],
            [FlashAttentionHopperKernel.Piece, KvLayout.PageTokens], SharedSwizzle.Bytes128);
    }

    ArrayView<int> Counters(AcceleratorStream stream)
    {
        if (_counters is null)
        {
            _counters = accelerator.Allocate1D<int>(2);
            _counters.View.MemSetToZero(stream);
        }
        return _counters.View;
    }
}
