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
/// Work: a group per token. A thread counts how many experts come before its own in the order of their logits: that is
/// its place, and nobody waits for the choice before. A warp then gives the chosen ones their weights. Traffic: the
/// logits, once.
/// </remarks>
public sealed class ExpertRouter(Accelerator accelerator)
{
    const int GroupSize = 128;

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
        // Keys are read in fours; those past the last expert come before nobody.
        int fours = (shape.Experts + 3) / 4;
        KernelConfig config = new((int)tokens, GroupSize, SharedMemoryConfig.RequestDynamic<long>(4 * fours));
        _kernel(stream, config, logits, chosen, weights, fours, shape.Experts, shape.PerToken, renormalises ? 1 : 0);
    }

    static void Kernel(ArrayView<float> logits, ArrayView<int> chosen, ArrayView<float> weights, int fours, int experts,
        int perToken, int renormalises)
    {
        LaunchOverlap.Begin();
        ArrayView<long> keys = SharedMemory.GetDynamic<long>();
        ArrayView<int> ranked = SharedMemory.Allocate<int>(ExpertShape.MostPerToken);
        long start = (long)Grid.IdxX * experts;
        for (int e = Group.IdxX; e < 4 * fours; e += GroupSize)
            keys[e] = e < experts ? Key(logits[start + e], e) : -1L;
        Group.Barrier();
        for (int e = Group.IdxX; e < experts; e += GroupSize)
        {
            long own = keys[e];
            int place = 0;
            for (int f = 0; f < 4 * fours; f += 4)
                for (int i = 0; i < 4; i++)
                    place += (int)((ulong)(own - keys[f + i]) >> 63);
            if (place < perToken)
                ranked[place] = e;
        }
        Group.Barrier();
        if (Group.IdxX >= 32)
            return;

        int lane = Warp.LaneIdx, expert = ranked[IntrinsicMath.Min(lane, perToken - 1)];
        float largest = logits[start + ranked[0]], weight = XMath.Exp(logits[start + expert] - largest), total = 0f;
        if (renormalises != 0)
            total = lane < perToken ? weight : 0f;
        else
            for (int e = lane; e < experts; e += 32)
                total += XMath.Exp(logits[start + e] - largest);
        WarpReduce.Sum(ref total);
        if (lane < perToken)
        {
            long target = (long)Grid.IdxX * perToken + lane;
            chosen[target] = expert;
            weights[target] = weight / total;
        }
    }

    /// <summary>
    /// Numbers below 2^45 in the order of the logits, with one zero and NaN at an end, and of equal ones the first
    /// expert above: the difference of two is negative where the second expert comes first, and 0 only with itself.
    /// </summary>
    static long Key(float logit, int expert)
    {
        uint bits = logit == 0f ? 0u : Interop.FloatAsInt(logit);
        uint ordered = bits ^ ((uint)((int)bits >> 31) | 0x80000000u);
        return ((long)ordered << 12) + (ExpertShape.MostExperts - 1 - expert);
    }
}
