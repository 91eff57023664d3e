using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;

namespace IlgpuDca.Kernels.Moe;

/// <summary>
/// Chooses each token's experts and how much each counts: the largest of the softmax over all experts, in float32. Of equal ones the
/// first is chosen.
/// <code>
/// p[t, e] = exp(logits[t, e]) / sum over all e;   chosen[t] = the k largest p[t], the largest first
/// weights[t, j] = p[t, chosen[t, j]],   divided by their sum where the model renormalises
/// </code>
/// </summary>
/// <remarks>
/// Shapes: logits [tokens, experts] float32; chosen, weights [tokens, perToken].
/// Work: a warp per token, which passes its logits once for each choice: the next one is the largest of those that come after the last
/// in order, so that nothing has to be marked. Traffic: the logits, from cache after the first pass.
/// </remarks>
public sealed class ExpertRouter(Accelerator accelerator)
{
    const int GroupSize = 128;
    const int Warps = GroupSize / 32;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, ArrayView<int>, ArrayView<float>, int, int, int, int> _kernel =
        accelerator.LoadKernel<ArrayView<float>, ArrayView<int>, ArrayView<float>, int, int, int, int>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="logits">[tokens, experts].</param>
    /// <param name="chosen">[tokens, perToken]: takes the experts.</param>
    /// <param name="weights">[tokens, perToken]: takes their weights.</param>
    /// <param name="shape">The experts.</param>
    /// <param name="renormalises">norm_topk_prob: whether the weights of a token add up to 1.</param>
    public void Run(AcceleratorStream stream, ArrayView<float> logits, ArrayView<int> chosen, ArrayView<float> weights, ExpertShape shape, bool renormalises)
    {
        shape.Check();
        long tokens = logits.Length / shape.Experts;
        if (tokens == 0 || logits.Length != tokens * shape.Experts || chosen.Length != tokens * shape.PerToken || weights.Length != chosen.Length)
            throw new ArgumentException($"ExpertRouter: {logits.Length} logits, {chosen.Length} choices, {weights.Length} weights; {shape} need "
                + $"a multiple of {shape.Experts}, and {shape.PerToken} of both for each token.");
        _kernel(stream, new KernelConfig((int)((tokens + Warps - 1) / Warps), GroupSize), logits, chosen, weights,
            (int)tokens, shape.Experts, shape.PerToken, renormalises ? 1 : 0);
    }

    static void Kernel(ArrayView<float> logits, ArrayView<int> chosen, ArrayView<float> weights, int tokens, int experts, int perToken, int renormalises)
    {
        LaunchOverlap.Begin();
        int lane = Warp.LaneIdx, token = Grid.IdxX * Warps + (Group.IdxX >> 5);
        bool exists = token < tokens;
        // Every lane must reach the reductions: a warp without a token repeats the last one and stores nothing.
        long start = (long)IntrinsicMath.Min(token, tokens - 1) * experts;
        float last = float.PositiveInfinity, largest = 0f, total = 0f, mine = 0f;
        int lastExpert = -1, myExpert = 0;
        for (int j = 0; j < perToken; j++)
        {
            float best = float.NegativeInfinity;
            int bestExpert = experts - 1;
            for (int e = lane; e < experts; e += 32)
            {
                float logit = logits[start + e];
                bool isAfter = logit < last || logit == last && e > lastExpert;
                if (isAfter && logit > best)
                {
                    best = logit;
                    bestExpert = e;
                }
            }
            last = best;
            WarpReduce.Max(ref last);
            // The first of the lanes that have the largest: an expert's number is small enough to be exact as a float.
            float first = best == last ? -bestExpert : float.NegativeInfinity;
            WarpReduce.Max(ref first);
            lastExpert = (int)-first;
            if (j == 0)
                largest = last;
            float weight = XMath.Exp(last - largest);
            if (renormalises != 0)
                total += weight;
            if (lane == j)
            {
                mine = weight;
                myExpert = lastExpert;
            }
        }
        if (renormalises == 0)
        {
            for (int e = lane; e < experts; e += 32)
                total += XMath.Exp(logits[start + e] - largest);
            WarpReduce.Sum(ref total);
        }
        if (exists && lane < perToken)
        {
            long target = (long)token * perToken + lane;
            chosen[target] = myExpert;
            weights[target] = mine / total;
        }
    }
}
