using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.MatMul.Epilogues;
using IlgpuDca.Loader;
using IlgpuDca.Model.Weights;

namespace IlgpuDca.Model;

/// <summary>One Llama decoder layer: attention and feed-forward, each adding to the residual stream.</summary>
sealed class DecoderLayer<T, TElement, TPack>(ModelConfig config, ModelKernels<T, TElement, TPack> kernels)
    where T : unmanaged
    where TElement : struct, IElement<T>
    where TPack : unmanaged, IPack<TPack>
{
    /// <summary>Carries a slice through the layer: what attention and feed-forward give is added to the residual stream.</summary>
    public void Forward(AcceleratorStream stream, DeviceLayer<T> weights, ActivationBuffers<T> buffers, KvCache<T> cache, int layer, SliceContext slice)
    {
        int rows = slice.Tokens, hidden = config.HiddenSize, queryWidth = config.QueryWidth, intermediate = config.IntermediateSize;
        int qkvWidth = queryWidth + 2 * config.KeyValueWidth;
        ArrayView<float> residual = Rows(buffers.Residual, rows, hidden);
        ArrayView<T> normed = Rows(buffers.Normed, rows, hidden), qkv = Rows(buffers.Qkv, rows, qkvWidth);
        ArrayView<T> attention = Rows(buffers.Attention, rows, queryWidth), gated = Rows(buffers.Gated, rows, intermediate);
        float epsilon = (float)config.RmsNormEpsilon;

        kernels.RmsNorm.Run(stream, residual, weights.InputNorm.View, normed, epsilon);
        kernels.Products.Narrow(stream, normed, weights.Qkv.View, qkv, new MatMulShape(rows, qkvWidth, hidden));
        Attend(stream, qkv, attention, buffers, cache, layer, slice);
        kernels.Products.Add(stream, attention, weights.AttentionOutput.View, residual, new MatMulShape(rows, hidden, queryWidth));

        kernels.RmsNorm.Run(stream, residual, weights.PostAttentionNorm.View, normed, epsilon);
        Gate(stream, normed, weights, buffers, gated, new MatMulShape(rows, 2 * intermediate, hidden));
        kernels.Products.Add(stream, gated, weights.Down.View, residual, new MatMulShape(rows, hidden, intermediate));
    }

    void Gate(AcceleratorStream stream, ArrayView<T> normed, DeviceLayer<T> weights, ActivationBuffers<T> buffers, ArrayView<T> gated, MatMulShape shape)
    {
        if (GateUpOrder.IsInterleaved(config.IntermediateSize))
        {
            kernels.Products.Gated(stream, normed, weights.GateUp.View, gated, shape);
            return;
        }
        ArrayView<float> gateUp = Rows(buffers.GateUp, shape.Rows, shape.Columns);
        kernels.Products.Run(stream, normed, weights.GateUp.View, gateUp, shape);
        kernels.SwiGlu.Run(stream, gateUp, gated, config.IntermediateSize);
    }

    void Attend(AcceleratorStream stream, ArrayView<T> qkv, ArrayView<T> output, ActivationBuffers<T> buffers, KvCache<T> cache, int layer, SliceContext slice)
    {
        DcaGeometry geometry = slice.Geometry;
        ArrayView<T> queries = Rows(buffers.Queries, geometry.Variants * slice.Tokens, config.QueryWidth);
        ArrayView<T> keys = cache.Keys(layer), values = cache.Values(layer);
        kernels.RopeAppend.Run(stream, qkv, slice.RopeTable, queries, keys, values, cache.PageTable, slice.Position, slice.Start, slice.Tokens, config.Heads, cache.Layout, geometry);
        if (slice.Tokens == 1)
            kernels.FlashDecoding.Run(stream, queries, keys, values, cache.PageTable, slice.Position, buffers.Scratch, output, slice.Start, slice.Splits, config.Heads, cache.Layout, geometry, slice.Scale);
        else
            kernels.PrefillAttention.Run(stream, queries, keys, values, cache.PageTable, output, slice.Start, slice.Tokens, config.Heads, cache.Layout, geometry, slice.Scale);
    }

    static ArrayView<TItem> Rows<TItem>(ArrayView<TItem> buffer, int rows, int width)
        where TItem : unmanaged => buffer.SubView(0, (long)rows * width);
}
