using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Quantization;

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
/// Work: a group per token. A thread counts how many experts come before its own in the order of their logits: that is its place, and
/// nobody waits for the choice before. A warp then gives the chosen ones their weights. Traffic: the logits, once.
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
        // Keys come in fours; what is past the last expert is before nobody.
        int packs = (shape.Experts + 3) / 4;
        _kernel(stream, new KernelConfig((int)tokens, GroupSize, SharedMemoryConfig.RequestDynamic<CodePack>(packs)), logits, chosen, weights,
            packs, shape.Experts, shape.PerToken, renormalises ? 1 : 0);
    }

    static void Kernel(ArrayView<float> logits, ArrayView<int> chosen, ArrayView<float> weights, int packs, int experts, int perToken, int renormalises)
    {
        LaunchOverlap.Begin();
        ArrayView<CodePack> keys = SharedMemory.GetDynamic<CodePack>();
        ArrayView<int> ranked = SharedMemory.Allocate<int>(ExpertShape.MostPerToken);
        ArrayView<uint> single = keys.Cast<uint>();
        long start = (long)Grid.IdxX * experts;
        for (int e = Group.IdxX; e < 4 * packs; e += GroupSize)
            single[e] = e < experts ? Key(logits[start + e]) : 0u;
        Group.Barrier();
        for (int e = Group.IdxX; e < experts; e += GroupSize)
        {
            uint key = single[e];
            int place = 0;
            for (int p = 0; p < packs; p++)
            {
                CodePack four = keys[p];
                place += Before(four.A, 4 * p, key, e) + Before(four.B, 4 * p + 1, key, e) + Before(four.C, 4 * p + 2, key, e) + Before(four.D, 4 * p + 3, key, e);
            }
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

    /// <summary>Bits that are in the order of the numbers, with one zero and NaN at an end: there is always one order of all experts.</summary>
    static uint Key(float value)
    {
        uint bits = value == 0f ? 0u : Interop.FloatAsInt(value);
        return bits ^ ((uint)((int)bits >> 31) | 0x80000000u);
    }

    /// <summary>1 where an expert comes before another: its logit is larger, or the same and it is the first of both.</summary>
    static int Before(uint key, int expert, uint otherKey, int other) => key > otherKey || key == otherKey && expert < other ? 1 : 0;
}
