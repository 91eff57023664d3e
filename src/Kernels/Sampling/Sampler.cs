using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;

namespace IlgpuDca.Kernels.Sampling;

/// <summary>
/// Draws the next token on the device: penalties, top-k, top-p, min-p, temperature, in that order (<see cref="SamplingOptions"/>).
/// <code>P(v) proportional to e^(logit[v] / temperature) over the tokens that stay</code>
/// </summary>
/// <remarks>
/// Shapes: logits [vocabulary] float32, changed by penalties; recent [tokens]; result [1].
/// Work: one group. A filter is a threshold found by radix selection on the logits' bits, 8 bits a pass, most significant first:
/// top-k counts tokens, top-p adds up probabilities. Probabilities are summed as integers of 2^-40, so that no order of additions
/// changes the outcome: the same seed gives the same token. Traffic: the logits are read up to 12 times, from L2.
/// </remarks>
public sealed class Sampler(Accelerator accelerator)
{
    const int GroupSize = 256;
    const int Bins = 256;

    /// <summary>What a weight of 1 is as an integer: 2^40. 2^23 tokens of weight 1 fit into 64 bits.</summary>
    const float WeightUnit = 1099511627776f;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, ArrayView<int>, float, float, float> _penalties =
        accelerator.LoadKernel<ArrayView<float>, ArrayView<int>, float, float, float>(ApplyPenalties);

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, ArrayView<int>> _argMax =
        accelerator.LoadKernel<ArrayView<float>, ArrayView<int>>(ArgMax);

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, ArrayView<int>, float, int, float, float, ulong> _draw =
        accelerator.LoadKernel<ArrayView<float>, ArrayView<int>, float, int, float, float, ulong>(Draw);

    /// <param name="stream">Where the kernels are queued.</param>
    /// <param name="logits">[vocabulary]; penalties change them.</param>
    /// <param name="recent">The latest tokens of the text, for the penalties; may be empty.</param>
    /// <param name="result">[1]: the token.</param>
    /// <param name="options">How to draw.</param>
    /// <param name="position">The token's place in the text: the generator's counter.</param>
    public void Run(AcceleratorStream stream, ArrayView<float> logits, ArrayView<int> recent, ArrayView<int> result, SamplingOptions options, long position)
    {
        if (logits.Length == 0 || result.Length != 1)
            throw new ArgumentException($"Sampler: {logits.Length} logits, {result.Length} results. There must be logits and one result.");
        if (options.HasPenalties && recent.Length > 0)
            _penalties(stream, new KernelConfig(1, GroupSize), logits, recent, options.RepeatPenalty, options.PresencePenalty, options.FrequencyPenalty);
        if (options.Temperature <= 0f)
            _argMax(stream, new KernelConfig(1, GroupSize), logits, result);
        else
            _draw(stream, new KernelConfig(1, GroupSize), logits, result, 1f / options.Temperature, options.TopK, options.TopP, options.MinP,
                Philox.Next(options.Seed, (ulong)position));
    }

    static void ApplyPenalties(ArrayView<float> logits, ArrayView<int> recent, float repeat, float presence, float frequency)
    {
        for (int i = Group.IdxX; i < recent.IntLength; i += GroupSize)
        {
            int token = recent[i], count = 0;
            bool isFirst = true;
            for (int j = 0; j < recent.IntLength; j++)
                if (recent[j] == token)
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

    /// <summary>The largest logit's token, the lowest of equals; NaN counts as the smallest.</summary>
    static void ArgMax(ArrayView<float> logits, ArrayView<int> result)
    {
        ArrayView<uint> keys = SharedMemory.Allocate<uint>(GroupSize);
        ArrayView<int> tokens = SharedMemory.Allocate<int>(GroupSize);
        uint best = 0;
        int token = int.MaxValue;
        for (int v = Group.IdxX; v < logits.IntLength; v += GroupSize)
        {
            uint key = SortKey(logits[v]);
            if (key > best || token == int.MaxValue)
            {
                best = key;
                token = v;
            }
        }
        keys[Group.IdxX] = best;
        tokens[Group.IdxX] = token;
        Group.Barrier();
        if (Group.IdxX != 0)
            return;
        for (int t = 1; t < GroupSize; t++)
            if (keys[t] > best || keys[t] == best && tokens[t] < token)
            {
                best = keys[t];
                token = tokens[t];
            }
        result[0] = token;
    }

    static void Draw(ArrayView<float> logits, ArrayView<int> result, float inverseTemperature, int topK, float topP, float minP, ulong random)
    {
        ArrayView<ulong> histogram = SharedMemory.Allocate<ulong>(Bins);
        ArrayView<ulong> choice = SharedMemory.Allocate<ulong>(2);
        int vocabulary = logits.IntLength;

        float max = float.NegativeInfinity;
        for (int v = Group.IdxX; v < vocabulary; v += GroupSize)
            max = XMath.Max(max, logits[v]);
        max = GroupReduce.Max(max);

        uint threshold = 0;
        if (topK > 0 && topK < vocabulary)
            threshold = SelectThreshold(logits, histogram, choice, threshold, max, (ulong)topK, byWeight: false);
        if (topP < 1f)
        {
            ulong total = TotalWeight(logits, histogram, threshold, max, 1f);
            // At least one unit, so that the most probable token always stays.
            ulong wanted = (ulong)((double)total * topP);
            threshold = SelectThreshold(logits, histogram, choice, threshold, max, wanted > 0 ? wanted : 1, byWeight: true);
        }
        if (minP > 0f)
        {
            uint least = SortKey(max + XMath.Log(minP));
            threshold = least > threshold ? least : threshold;
        }
        Pick(logits, result, histogram, threshold, max, inverseTemperature, random);
    }

    /// <summary>A float's bits, ordered as unsigned integers are; NaN lowest.</summary>
    static uint SortKey(float value)
    {
        uint bits = Interop.FloatAsInt(value);
        if (XMath.IsNaN(value))
            return 0;
        return (bits & 0x80000000u) != 0 ? ~bits : bits | 0x80000000u;
    }

    static ulong Weight(float logit, float max, float inverseTemperature) => (ulong)(XMath.Exp((logit - max) * inverseTemperature) * WeightUnit);

    /// <summary>
    /// The largest key t so that the tokens with keys from t on count, or weigh, at least what is wanted; never below the given
    /// one. Each pass fixes 8 more bits: it sums the tokens that agree in the bits above by their next 8.
    /// </summary>
    static uint SelectThreshold(ArrayView<float> logits, ArrayView<ulong> histogram, ArrayView<ulong> choice, uint least, float max, ulong wanted, bool byWeight)
    {
        uint prefix = 0;
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            Group.Barrier();
            histogram[Group.IdxX] = 0;
            Group.Barrier();
            uint mask = shift == 24 ? 0u : 0xFFFFFFFFu << (shift + 8);
            for (int v = Group.IdxX; v < logits.IntLength; v += GroupSize)
            {
                uint key = SortKey(logits[v]);
                if (key >= least && (key & mask) == prefix)
                    Atomic.Add(ref histogram[(int)((key >> shift) & 0xFF)], byWeight ? Weight(logits[v], max, 1f) : 1UL);
            }
            Group.Barrier();
            if (Group.IdxX == 0)
            {
                int bin = Bins - 1;
                while (bin > 0 && histogram[bin] < wanted)
                {
                    wanted -= histogram[bin];
                    bin--;
                }
                choice[0] = (ulong)bin;
                choice[1] = wanted;
            }
            Group.Barrier();
            prefix |= (uint)choice[0] << shift;
            wanted = choice[1];
        }
        return prefix > least ? prefix : least;
    }

    /// <summary>The weights of all tokens from a key on, added up.</summary>
    static ulong TotalWeight(ArrayView<float> logits, ArrayView<ulong> parts, uint threshold, float max, float inverseTemperature)
    {
        Group.Barrier();
        ulong sum = 0;
        for (int v = Group.IdxX; v < logits.IntLength; v += GroupSize)
            if (SortKey(logits[v]) >= threshold)
                sum += Weight(logits[v], max, inverseTemperature);
        parts[Group.IdxX] = sum;
        Group.Barrier();
        ulong total = 0;
        for (int t = 0; t < GroupSize; t++)
            total += parts[t];
        Group.Barrier();
        return total;
    }

    /// <summary>The token at which the weights, added up in the vocabulary's order, pass a random part of their total.</summary>
    static void Pick(ArrayView<float> logits, ArrayView<int> result, ArrayView<ulong> parts, uint threshold, float max, float inverseTemperature, ulong random)
    {
        int perThread = (logits.IntLength + GroupSize - 1) / GroupSize;
        int first = Group.IdxX * perThread, end = IntrinsicMath.Min(first + perThread, logits.IntLength);
        ulong own = 0;
        for (int v = first; v < end; v++)
            if (SortKey(logits[v]) >= threshold)
                own += Weight(logits[v], max, inverseTemperature);
        Group.Barrier();
        parts[Group.IdxX] = own;
        Group.Barrier();
        ulong before = 0, total = 0;
        for (int t = 0; t < GroupSize; t++)
        {
            if (t < Group.IdxX)
                before += parts[t];
            total += parts[t];
        }
        ulong target = MultiplyHigh(random, total);
        if (target < before || target >= before + own)
            return;
        for (int v = first; v < end; v++)
        {
            if (SortKey(logits[v]) < threshold)
                continue;
            before += Weight(logits[v], max, inverseTemperature);
            if (target < before)
            {
                result[0] = v;
                return;
            }
        }
    }

    /// <summary>floor(a · b / 2^64): a as a fraction of b, below b.</summary>
    static ulong MultiplyHigh(ulong a, ulong b)
    {
        ulong aLow = (uint)a, aHigh = a >> 32, bLow = (uint)b, bHigh = b >> 32;
        ulong middle = aHigh * bLow + ((aLow * bLow) >> 32);
        ulong other = aLow * bHigh + (uint)middle;
        return aHigh * bHigh + (middle >> 32) + (other >> 32);
    }
}
