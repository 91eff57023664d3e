using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Loader;
using IlgpuDca.Model.Weights;

namespace IlgpuDca.Model;

/// <summary>One Llama decoder layer: attention and feed-forward, each adding to the residual stream.</summary>
sealed class DecoderLayer<T, TElement, TPack>(ModelConfig config, ModelKernels<T, TElement, TPack> kernels)
    where T : unmanaged
    where TElement : struct, IElement<T>
    where TPack : unmanaged, IPack<TPack>
{
    /// <summary>
    /// Carries a slice through the layer. On entry what the last layer adds waits in Delta (for the first layer nothing does);
    /// on exit what this layer's feed-forward adds does.
    /// </summary>
    public void Forward(AcceleratorStream stream, DeviceLayer<T> weights, ActivationBuffers<T> buffers, KvCache<T> cache, int layer, SliceContext slice)
    {
        int rows = slice.Tokens, hidden = config.HiddenSize, queryWidth = config.QueryWidth, intermediate = config.IntermediateSize;
        int qkvWidth = queryWidth + 2 * config.KeyValueWidth;
        ArrayView<float> residual = Rows(buffers.Residual, rows, hidden), delta = Rows(buffers.Delta, rows, hidden);
        ArrayView<T> normed = Rows(buffers.Normed, rows, hidden), attention = Rows(buffers.Attention, rows, queryWidth);
        ArrayView<float> qkv = Rows(buffers.Qkv, rows, qkvWidth), gateUp = Rows(buffers.GateUp, rows, 2 * intermediate);
        ArrayView<T> gated = Rows(buffers.Gated, rows, intermediate);
        float epsilon = (float)config.RmsNormEpsilon;

        kernels.RmsNorm.Run(stream, residual, layer == 0 ? delta.SubView(0, 0) : delta, weights.InputNorm.View, normed, epsilon);
        kernels.MatMul.Run(stream, normed, weights.Qkv.View, qkv, new MatMulShape(rows, qkvWidth, hidden));
        Attend(stream, qkv, attention, buffers, cache, layer, slice);
        kernels.MatMul.Run(stream, attention, weights.AttentionOutput.View, delta, new MatMulShape(rows, hidden, queryWidth));

        kernels.RmsNorm.Run(stream, residual, delta, weights.PostAttentionNorm.View, normed, epsilon);
        kernels.MatMul.Run(stream, normed, weights.GateUp.View, gateUp, new MatMulShape(rows, 2 * intermediate, hidden));
        kernels.SwiGlu.Run(stream, gateUp, gated, intermediate);
        kernels.MatMul.Run(stream, gated, weights.Down.View, delta, new MatMulShape(rows, hidden, intermediate));
    }

    void Attend(AcceleratorStream stream, ArrayView<float> qkv, ArrayView<T> output, ActivationBuffers<T> buffers, KvCache<T> cache, int layer, SliceContext slice)
    {
        DcaGeometry geometry = slice.Geometry;
        ArrayView<T> queries = Rows(buffers.Queries, geometry.Variants * slice.Tokens, config.QueryWidth);
        ArrayView<T> keys = cache.Keys(layer), values = cache.Values(layer);
        kernels.Rope.Run(stream, qkv, slice.RopeTable, queries, slice.Start, slice.Tokens, config.Heads, cache.Layout, geometry);
        kernels.KvCacheAppend.Run(stream, qkv, slice.RopeTable, keys, values, cache.PageTable, slice.Start, slice.Tokens, config.Heads, cache.Layout, geometry);
        if (slice.Tokens == 1)
            kernels.FlashDecoding.Run(stream, queries, keys, values, cache.PageTable, buffers.Partial, output, slice.Start, config.Heads, cache.Layout, geometry, slice.Scale);
        else
            kernels.PrefillAttention.Run(stream, queries, keys, values, cache.PageTable, output, slice.Start, slice.Tokens, config.Heads, cache.Layout, geometry, slice.Scale);
    }

    static ArrayView<TItem> Rows<TItem>(ArrayView<TItem> buffer, int rows, int width)
        where TItem : unmanaged => buffer.SubView(0, (long)rows * width);
}
