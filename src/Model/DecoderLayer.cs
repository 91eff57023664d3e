using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.MatMul.Epilogues;
using IlgpuDca.Kernels.Moe;
using IlgpuDca.Kernels.Quantization;
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
    public void Forward(AcceleratorStream stream, DeviceLayer<T> weights, ActivationBuffers<T> buffers, KvCache cache, int layer, SliceContext slice)
    {
        int rows = slice.Tokens, hidden = config.HiddenSize, queryWidth = config.QueryWidth;
        int qkvWidth = queryWidth + 2 * config.KeyValueWidth;
        ArrayView<float> residual = Rows(buffers.Residual, rows, hidden);
        ArrayView<T> normed = Rows(buffers.Normed, rows, hidden), qkv = Rows(buffers.Qkv, rows, qkvWidth);
        ArrayView<T> attention = Rows(buffers.Attention, rows, queryWidth);
        float epsilon = (float)config.RmsNormEpsilon;

        kernels.RmsNorm.Run(stream, residual, weights.InputNorm.View, normed, epsilon);
        kernels.Products.Narrow(stream, normed, weights.Qkv.View, qkv, new MatMulShape(rows, qkvWidth, hidden));
        Attend(stream, qkv, new HeadWeights(Of(weights.QkvBias), Of(weights.HeadNorms), epsilon), attention, buffers, cache, layer, slice);
        kernels.Products.Add(stream, attention, weights.AttentionOutput.View, residual, new MatMulShape(rows, hidden, queryWidth));
        if (weights.OutputBias is { } outputBias)
            kernels.AddBias.Run(stream, residual, outputBias.View);

        kernels.RmsNorm.Run(stream, residual, weights.PostAttentionNorm.View, normed, epsilon);
        if (weights.Experts is { } experts)
            Mix(stream, normed, experts, buffers, residual, rows);
        else
            FeedForward(stream, normed, weights.GateUp!.View, weights.Down!.View, buffers, residual, rows);
    }

    void FeedForward(AcceleratorStream stream, ArrayView<T> normed, WeightMatrix<T> gateUp, WeightMatrix<T> down, ActivationBuffers<T> buffers, ArrayView<float> residual, int rows)
    {
        int hidden = config.HiddenSize, intermediate = config.IntermediateSize;
        ArrayView<T> gated = Rows(buffers.Gated, rows, intermediate);
        Gate(stream, normed, gateUp, buffers, gated, new MatMulShape(rows, 2 * intermediate, hidden));
        kernels.Products.Add(stream, gated, down, residual, new MatMulShape(rows, hidden, intermediate));
    }

    void Mix(AcceleratorStream stream, ArrayView<T> normed, DeviceExperts<T> weights, ActivationBuffers<T> buffers, ArrayView<float> residual, int rows)
    {
        ExpertConfig experts = config.Experts!;
        ExpertShape shape = Activations.ShapeOf(experts, config.HiddenSize);
        ExpertScratch scratch = buffers.Experts!.Scratch.For(rows, shape);
        ArrayView<T> outputs = buffers.Experts.Outputs;
        kernels.Products.Run(stream, normed, new WeightMatrix<T>(weights.Router.View.BaseView), scratch.Logits, new MatMulShape(rows, experts.Count, config.HiddenSize));
        kernels.Experts.Run(stream, normed, weights.GateUp.View, weights.Down.View, Rows(buffers.Gated, rows, experts.PerToken * experts.IntermediateSize),
            outputs.SubView(0, Activations.ExpertOutputElements(config, rows)), residual, scratch, shape, experts.Renormalises);
    }

    void Gate(AcceleratorStream stream, ArrayView<T> normed, WeightMatrix<T> weights, ActivationBuffers<T> buffers, ArrayView<T> gated, MatMulShape shape)
    {
        if (GateUpOrder.IsInterleaved(config.IntermediateSize))
        {
            kernels.Products.Gated(stream, normed, weights, gated, shape);
            return;
        }
        ArrayView<float> gateUp = Rows(buffers.GateUp, shape.Rows, shape.Columns);
        kernels.Products.Run(stream, normed, weights, gateUp, shape);
        kernels.SwiGlu.Run(stream, gateUp, gated, config.IntermediateSize);
    }

    void Attend(AcceleratorStream stream, ArrayView<T> qkv, HeadWeights weights, ArrayView<T> output, ActivationBuffers<T> buffers,
        KvCache cache, int layer, SliceContext slice)
    {
        // The window is of some layers alone in some models.
        DcaGeometry geometry = config.Window is { } window && !window.IsIn(layer) ? slice.Geometry with { Window = int.MaxValue } : slice.Geometry;
        ArrayView<T> queries = Rows(buffers.Queries, geometry.Variants * slice.Tokens, config.QueryWidth);
        kernels.Attention.Run(stream, qkv, weights, queries, output, cache, layer, buffers.Scratch, config.Heads,
            slice with { Geometry = geometry });
    }

    static ArrayView<float> Of(MemoryBuffer1D<float, Stride1D.Dense>? vector) => vector is null ? ArrayView<float>.Empty : vector.View.BaseView;

    static ArrayView<TItem> Rows<TItem>(ArrayView<TItem> buffer, int rows, int width)
        where TItem : unmanaged => buffer.SubView(0, (long)rows * width);
}
