using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;

namespace IlgpuDca.Kernels.Sampling;

/// <summary>
/// How surprised the model is by each token: the negative logarithm of its softmax, in nats.
/// <code>nll[t] = log(sum over v of e^logits[t, v]) - logits[t, targets[t]]</code>
/// </summary>
/// <remarks>
/// Shapes: logits [tokens, vocabulary] float32; targets, nll [tokens]. Work: one group per token, two passes over its row.
/// </remarks>
public sealed class NegativeLogLikelihood(Accelerator accelerator)
{
    const int GroupSize = 256;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, ArrayView<int>, ArrayView<float>, int> _kernel =
        accelerator.LoadKernel<ArrayView<float>, ArrayView<int>, ArrayView<float>, int>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="logits">[tokens, vocabulary].</param>
    /// <param name="targets">[tokens], each below vocabulary.</param>
    /// <param name="nll">[tokens], in nats.</param>
    /// <param name="vocabulary">Logits of a row.</param>
    public void Run(AcceleratorStream stream, ArrayView<float> logits, ArrayView<int> targets, ArrayView<float> nll, int vocabulary)
    {
        if (targets.Length == 0 || nll.Length != targets.Length || logits.Length != targets.Length * vocabulary)
            throw new ArgumentException($"NegativeLogLikelihood: {targets.Length} targets, {nll.Length} results, {logits.Length} logits of {vocabulary}. logits must be tokens · vocabulary.");
        _kernel(stream, new KernelConfig((int)targets.Length, GroupSize), logits, targets, nll, vocabulary);
    }

    static void Kernel(ArrayView<float> logits, ArrayView<int> targets, ArrayView<float> nll, int vocabulary)
    {
        long row = (long)Grid.IdxX * vocabulary;
        float max = float.NegativeInfinity;
        for (int v = Group.IdxX; v < vocabulary; v += GroupSize)
            max = XMath.Max(max, logits[row + v]);
        max = GroupReduce.Max(max);

        float sum = 0f;
        for (int v = Group.IdxX; v < vocabulary; v += GroupSize)
            sum += XMath.Exp(logits[row + v] - max);
        sum = GroupReduce.Sum(sum);
        if (Group.IdxX == 0)
            nll[Grid.IdxX] = XMath.Log(sum) + max - logits[row + targets[Grid.IdxX]];
    }
}
