using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.Quantization;

namespace IlgpuDca.Kernels.Moe;

/// <summary>
/// A layer's mixture of experts: the router's softmax chooses each token's experts, which add their weighted feed-forward to the
/// residual stream. Nothing of it is decided on the host, so that it can be captured.
/// <code>residual[t] += sum over chosen j of weight[t, j] · down_j (silu(gate_j x[t]) · (up_j x[t]))</code>
/// </summary>
/// <remarks>
/// Up to <see cref="MatMulVector.MaxRows"/> tokens read the chosen experts' weights alone, codes where they are
/// quantised; more are sorted by expert for grouped products.
/// </remarks>
public sealed class Experts<T, TElement, TPack>(Accelerator accelerator, ExpertProducts<T> products)
    where T : unmanaged
    where TElement : struct, IElement<T>
    where TPack : unmanaged, IPack<TPack>
{
    readonly ExpertRouter _router = new(accelerator);
    readonly ExpertSort _sort = new(accelerator);
    readonly ExpertGateVector<T, TElement, TPack> _gateVector = new(accelerator);
    readonly ExpertDownVector<T, TPack> _downVector = new(accelerator);
    readonly ExpertGateQuantized<T, TElement, TPack> _gateQuantized = new(accelerator);
    readonly ExpertDownQuantized<T, TPack> _downQuantized = new(accelerator);
    readonly ExpertCombine<T, TElement> _combine = new(accelerator);

    /// <param name="stream">Where the kernels are queued.</param>
    /// <param name="x">[tokens, hidden]: the normed residual stream.</param>
    /// <param name="gateUp">[experts, 2 · intermediate, hidden], rows as <see cref="MatMul.Epilogues.GateUpOrder"/> says.</param>
    /// <param name="down">[experts, hidden, intermediate].</param>
    /// <param name="gated">Work buffer: [tokens · perToken, intermediate].</param>
    /// <param name="outputs">Work buffer: [tokens, perToken, hidden]; unused for few tokens.</param>
    /// <param name="residual">[tokens, hidden] float32, updated.</param>
    /// <param name="scratch">For these tokens; its logits are the router's product.</param>
    /// <param name="shape">The sizes.</param>
    /// <param name="renormalises">norm_topk_prob.</param>
    public void Run(AcceleratorStream stream, ArrayView<T> x, WeightMatrix<T> gateUp, WeightMatrix<T> down,
        ArrayView<T> gated, ArrayView<T> outputs, ArrayView<float> residual, ExpertScratch scratch, ExpertShape shape,
        bool renormalises)
    {
        _router.Run(stream, scratch.Logits, scratch.Chosen, scratch.Weights, shape, renormalises);
        if (x.Length <= (long)MatMulVector.MaxRows * shape.Hidden)
        {
            if (gateUp.IsQuantized)
                _gateQuantized.Run(stream, x, gateUp.Whole, scratch.Chosen, gated, shape);
            else
                _gateVector.Run(stream, x, gateUp.Plain, scratch.Chosen, gated, shape);
            if (down.IsQuantized)
                _downQuantized.Run(stream, gated, down.Whole, scratch.Chosen, scratch.Weights, residual, shape);
            else
                _downVector.Run(stream, gated, down.Plain, scratch.Chosen, scratch.Weights, residual, shape);
            return;
        }
        _sort.Run(stream, scratch, shape, products.TileRows);
        products.Gated(stream, x, gateUp, gated, scratch, shape);
        products.Down(stream, gated, down, outputs, scratch, shape);
        _combine.Run(stream, outputs, scratch.Weights, residual, shape);
    }
}
