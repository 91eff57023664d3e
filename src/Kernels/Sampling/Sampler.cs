using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Kernels.Sampling;

/// <summary>
/// Draws the next token on the device: penalties, top-k, top-p, min-p, temperature, in that order (<see cref="SamplingOptions"/>).
/// <code>P(v) proportional to e^(logit[v] / temperature) over the tokens that stay</code>
/// </summary>
/// <remarks>
/// Shapes: logits [vocabulary] float32, changed by penalties; the text and scratch as <see cref="SamplerState"/> says.
/// Work: short launches of up to 128 groups, each group a run of the vocabulary; the group that is done last sums up. A filter is
/// a threshold found by radix selection on the logits' bits (<see cref="SamplerFilter"/>), 4 launches: top-k counts tokens, top-p adds up
/// probabilities. Probabilities are summed as integers of 2^-40, so that no order of additions changes the outcome: the same seed
/// gives the same token. Traffic: the logits once a launch, from L2; nothing goes to the host but the id.
/// </remarks>
public sealed class Sampler(Accelerator accelerator)
{
    const int GroupSize = 256;

    /// <summary>Logits that a group takes at least.</summary>
    const int SmallestRun = 1024;

    readonly SamplerFilter _filter = new(accelerator);
    readonly SamplerDraw _draw = new(accelerator);

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, ArrayView<int>, ArrayView<int>, int, float, float, float> _penalties =
        accelerator.LoadKernel<ArrayView<float>, ArrayView<int>, ArrayView<int>, int, float, float, float>(ApplyPenalties);

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, SamplerState, int> _largest =
        accelerator.LoadKernel<ArrayView<float>, SamplerState, int>(Largest);

    /// <param name="stream">Where the kernels are queued.</param>
    /// <param name="logits">[vocabulary]; penalties change them.</param>
    /// <param name="state">The text, and scratch that is left as it was found.</param>
    /// <param name="options">How to draw; the generator's counter is the drawn token's place in the text.</param>
    public void Run(AcceleratorStream stream, ArrayView<float> logits, SamplerState state, in SamplingOptions options)
    {
        if (logits.Length == 0 || state.Position.Length != 1 || state.History.Length < 2 || state.Words.Length < SamplerState.WordCount || state.Arrivals.Length < 1)
            throw new ArgumentException($"Sampler: {logits.Length} logits, a history of {state.History.Length}, {state.Position.Length} positions, {state.Words.Length} words and "
                + $"{state.Arrivals.Length} counters of scratch; at least 1, 2, exactly 1, {SamplerState.WordCount} and 1 are needed.");
        if (options.HasPenalties)
            _penalties(stream, new KernelConfig(1, GroupSize), logits, state.History, state.Position, options.RepeatLastN, options.RepeatPenalty,
                options.PresencePenalty, options.FrequencyPenalty);
        bool isGreedy = options.Temperature <= 0f;
        int vocabulary = logits.IntLength, groups = Math.Clamp((vocabulary + SmallestRun - 1) / SmallestRun, 1, SamplerState.MaxGroups);
        KernelConfig config = new(groups, GroupSize);
        _largest(stream, config, logits, state, isGreedy ? 1 : 0);
        if (isGreedy)
            return;
        if (options.TopK > 0 && options.TopK < vocabulary)
            _filter.TopK(stream, config, logits, state, options.TopK);
        if (options.TopP < 1f)
            _filter.TopP(stream, config, logits, state, options.TopP);
        _draw.Run(stream, config, logits, state, options);
    }

    static void ApplyPenalties(ArrayView<float> logits, ArrayView<int> history, ArrayView<int> position, int lookBack, float repeat, float presence, float frequency)
    {
        LaunchOverlap.Begin();
        int end = position[0] + 1, first = IntrinsicMath.Max(0, end - lookBack);
        for (int i = first + Group.IdxX; i < end; i += GroupSize)
        {
            int token = history[i], count = 0;
            bool isFirst = true;
            for (int j = first; j < end; j++)
                if (history[j] == token)
                {
                    count++;
                    isFirst = isFirst && j >= i;
                }
            if (!isFirst)
                continue;
            float logit = logits[token];
            logit = logit > 0f ? logit / repeat : logit * repeat;
            logits[token] = logit - (count * frequency + presence);
        }
    }

    /// <summary>The largest logit and its token, the lowest of equals; NaN counts as the smallest. Greedy drawing ends here.</summary>
    static void Largest(ArrayView<float> logits, SamplerState state, int isGreedy)
    {
        LaunchOverlap.Begin();
        ArrayView<ulong> best = SharedMemory.Allocate<ulong>(1);
        if (Group.IdxX == 0)
            best[0] = 0;
        Group.Barrier();
        ulong own = 0;
        int stride = Grid.DimX * GroupSize;
        for (int first = Grid.IdxX * GroupSize + Group.IdxX; first < logits.IntLength; first += LogitBatch.Count * stride)
        {
            ArrayView<float> loaded = LogitBatch.Load(logits, first, stride, logits.IntLength);
            for (int i = 0; i < LogitBatch.Count; i++)
            {
                // Ordered by key, then by the lower token. What was loaded again changes nothing.
                int v = IntrinsicMath.Min(first + i * stride, logits.IntLength - 1);
                ulong candidate = ((ulong)SortKey.Of(loaded[i]) << 32) | ~(uint)v;
                own = candidate > own ? candidate : own;
            }
        }
        for (int mask = 16; mask > 0; mask >>= 1)
        {
            ulong other = Warp.ShuffleXor(own, mask);
            own = other > own ? other : own;
        }
        if ((Group.IdxX & 31) == 0)
            Atomic.Max(ref best[0], own);
        Group.Barrier();
        if (Group.IdxX == 0)
            Atomic.Max(ref state.Words[SamplerState.Best], best[0]);
        if (isGreedy == 0 || !LastArrival.IsMine(state.Arrivals, 0, Grid.DimX) || Group.IdxX != 0)
            return;
        SamplerDraw.Finish(state, (int)~(uint)state.Words[SamplerState.Best]);
    }
}
