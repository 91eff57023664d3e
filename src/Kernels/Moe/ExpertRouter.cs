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
/// Work: a group per token. Four lanes count how many experts come before theirs in the order of their logits, a quarter of all
/// each: that is its place, and nobody waits for the choice before. A warp then gives the chosen ones their weights. Traffic: the
/// logits, once.
/// </remarks>
public sealed class ExpertRouter(Accelerator accelerator)
{
    /// <summary>Lanes of an expert, a divisor of a warp's.</summary>
    const int Lanes = 4;

    const int MostThreads = 512;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, ArrayView<int>, ArrayView<float>, int, int, int, int> _kernel =
        accelerator.LoadKernel<ArrayView<float>, ArrayView<int>, ArrayView<float>, int, int, int, int>(Kernel, new KernelSpecialization(MostThreads, null));

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
        // As many keys for each lane; those past the last expert come before nobody.
        int keys = (shape.Experts + Lanes - 1) / Lanes * Lanes, threads = Math.Min(MostThreads, (keys * Lanes + 31) / 32 * 32);
        KernelConfig config = new((int)tokens, threads, SharedMemoryConfig.RequestDynamic<long>(keys + keys / 2));
        _kernel(stream, config, logits, chosen, weights, keys, shape.Experts, shape.PerToken, renormalises ? 1 : 0);
    }

    static void Kernel(ArrayView<float> logits, ArrayView<int> chosen, ArrayView<float> weights, int padded, int experts,
        int perToken, int renormalises)
    {
        LaunchOverlap.Begin();
        ArrayView<long> keys = SharedMemory.GetDynamic<long>().SubView(0, padded);
        ArrayView<float> values = SharedMemory.GetDynamic<long>().SubView(padded, padded / 2).Cast<float>();
        ArrayView<int> ranked = SharedMemory.Allocate<int>(ExpertShape.MostPerToken);
        long start = (long)Grid.IdxX * experts;
        for (int e = Group.IdxX; e < padded; e += Group.DimX)
        {
            float logit = e < experts ? logits[start + e] : 0f;
            values[e] = logit;
            keys[e] = e < experts ? Key(logit, e) : -1L;
        }
        Group.Barrier();
        int lane = Warp.LaneIdx;
        for (int first = 0; first < experts; first += Group.DimX / Lanes)
        {
            // Lanes past the last expert repeat it, for all meet in shuffles.
            int e = first + Group.IdxX / Lanes;
            long own = keys[IntrinsicMath.Min(e, experts - 1)];
            int place = 0;
            for (int f = lane % Lanes; f < padded; f += Lanes)
                place += (int)((ulong)(own - keys[f]) >> 63);
            for (int mask = 1; mask < Lanes; mask *= 2)
                place += Warp.ShuffleXor(place, mask);
            if (e < experts && lane % Lanes == 0 && place < perToken)
                ranked[place] = e;
        }
        Group.Barrier();
        if (Group.IdxX >= 32)
            return;

        int expert = ranked[IntrinsicMath.Min(lane, perToken - 1)];
        float largest = values[ranked[0]], weight = XMath.Exp(values[expert] - largest), total = 0f;
        if (renormalises != 0)
            total = lane < perToken ? weight : 0f;
        else
            for (int e = lane; e < experts; e += 32)
                total += XMath.Exp(values[e] - largest);
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
