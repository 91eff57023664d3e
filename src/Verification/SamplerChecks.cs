using ILGPU.Runtime;
using IlgpuDca.Kernels.Sampling;

namespace IlgpuDca.Verification;

/// <summary>The sampler: largest logits, penalties, each filter by itself and all together, repeatability, distribution.</summary>
static class SamplerChecks
{
    static readonly SamplingOptions s_all = new() { Temperature = 1, TopK = 0, TopP = 1, MinP = 0, Seed = 0x1234567890ABCDEF };

    /// <summary>A vocabulary of which all threads of all groups take two batches each.</summary>
    const int TwoBatches = 2 * LogitBatch.Count * SamplerState.MaxGroups * 256 - 4279;

    /// <summary>Options, tokens, draws.</summary>
    static readonly (string Name, SamplingOptions Options, int Vocabulary, int Draws)[] s_distributions =
    [
        ("temperature 1", s_all, 7, 1500),
        ("temperature 0.5", s_all with { Temperature = 0.5f }, 9, 1000),
        ("temperature 1.7", s_all with { Temperature = 1.7f }, 300, 1000),
        ("top-k 4", s_all with { TopK = 4 }, 270, 500),
        ("top-k 1", s_all with { TopK = 1 }, 40, 20),
        ("top-k above the vocabulary", s_all with { TopK = 100 }, 6, 400),
        ("top-p 0.7", s_all with { TopP = 0.7f }, 30, 500),
        ("top-p 0.01", s_all with { TopP = 0.01f }, 30, 20),
        ("min-p 0.2", s_all with { MinP = 0.2f }, 30, 500),
        ("several groups", s_all with { TopK = 3000, TopP = 0.8f }, 4100, 200),
        ("two batches of a thread", s_all with { TopK = 6 }, TwoBatches, 30),
        ("all filters", s_all with { TopK = 9, TopP = 0.9f, MinP = 0.05f, Temperature = 1.3f }, 261, 800),
    ];

    /// <param name="quick">A tenth of the draws: distributions are told apart less finely.</param>
    public static IEnumerable<Check> All(bool quick)
    {
        int Some(int draws) => quick ? (draws + 9) / 10 : draws;
        yield return NewCheck.Of("Philox's published vector", (_, _) =>
            // Philox4x32-10 of the zero counter and key begins 6627e8d5 e169c58d (Random123's known answers).
            Compare.True(Philox.Next(0, 0) == 0xE169C58D6627E8D5, $"Philox of zero is 0x{Philox.Next(0, 0):X16}, expected 0xE169C58D6627E8D5."));
        foreach (int vocabulary in new[] { 1, 31, 255, 256, 257, 1003, 5003, TwoBatches })
            yield return NewCheck.Of($"Sampler greedy over {vocabulary}", (accelerator, inputs) => Greedy(accelerator, inputs, vocabulary));
        foreach ((string name, SamplingOptions options, int vocabulary, int draws) in s_distributions)
            yield return NewCheck.Of($"Sampler distribution, {name}", (accelerator, inputs) => Distribution(accelerator, inputs.Normal(vocabulary, 1.5), options, Some(draws)));
        yield return NewCheck.Of("Sampler top-k keeps ties with the last", (accelerator, _) => Distribution(accelerator, [1, 2, 3, 2, 0, 2], s_all with { TopK = 2 }, Some(600)));
        yield return NewCheck.Of("Sampler penalties", Penalties);
        yield return NewCheck.Of("Sampler repeats itself", Repeats);
    }

    static void Greedy(Accelerator accelerator, Inputs inputs, int vocabulary)
    {
        float[] random = inputs.Normal(vocabulary), equal = [.. Enumerable.Repeat(-2.5f, vocabulary)], ties = [.. random];
        foreach (int token in inputs.Integers(5, vocabulary))
            ties[token] = 100;
        float[] withNaN = [.. random];
        withNaN[0] = vocabulary > 1 ? float.NaN : 0;
        float[] infinite = [.. Enumerable.Repeat(float.NegativeInfinity, vocabulary)];
        using Device device = new(accelerator, vocabulary);
        foreach (float[] logits in new[] { random, equal, ties, withNaN, infinite })
        {
            float largest = logits.Where(logit => !float.IsNaN(logit)).Max();
            int expected = Array.IndexOf(logits, largest), found = device.Draw(logits, SamplingOptions.Greedy, 0);
            Compare.True(found == expected, $"the token is {found}, expected {expected}, the first of logit {largest}.");
        }
    }

    /// <summary>
    /// Only tokens that the reference keeps are drawn, and as often as they should be: the chi-square statistic stays below its
    /// value at 4.75 standard deviations (Wilson and Hilferty), which a right sampler exceeds once in a million seeds.
    /// </summary>
    static void Distribution(Accelerator accelerator, float[] logits, SamplingOptions options, int draws)
    {
        double[] probabilities = SamplerReference.Probabilities(Array.ConvertAll(logits, logit => (double)logit), options);
        int[] counts = new int[logits.Length];
        using Device device = new(accelerator, logits.Length);
        for (int draw = 0; draw < draws; draw++)
            counts[device.Draw(logits, options, draw)]++;
        double square = 0, restExpected = 0;
        int cells = 0, restCount = 0;
        for (int token = 0; token < counts.Length; token++)
        {
            double expected = probabilities[token] * draws;
            Compare.True(expected > 0 || counts[token] == 0, $"token {token} was drawn {counts[token]} times, but is filtered out.");
            if (expected >= 5)
            {
                square += (counts[token] - expected) * (counts[token] - expected) / expected;
                cells++;
            }
            else
            {
                restExpected += expected;
                restCount += counts[token];
            }
        }
        // The rare tokens are one cell: the statistic holds for expectations of 5 and more.
        if (restExpected >= 5)
        {
            square += (restCount - restExpected) * (restCount - restExpected) / restExpected;
            cells++;
        }
        double freedom = Math.Max(1, cells - 1), part = 2 / (9 * freedom), limit = freedom * Math.Pow(1 - part + 4.75 * Math.Sqrt(part), 3);
        Compare.True(square <= limit, $"chi-square over {cells} cells of {draws} draws is {square:g4}, expected at most {limit:g4}.");
    }

    static void Penalties(Accelerator accelerator, Inputs inputs)
    {
        const int Vocabulary = 50;
        float[] logits = inputs.Normal(Vocabulary, 2);
        SamplingOptions options = SamplingOptions.Greedy with { RepeatPenalty = 1.3f, PresencePenalty = 0.4f, FrequencyPenalty = 0.25f, RepeatLastN = 100 };
        foreach (int tokens in new[] { 0, 1, 60, 300 })
        {
            int[] text = inputs.Integers(tokens, 20), recent = text[Math.Max(0, tokens - options.RepeatLastN)..];
            using Device device = new(accelerator, Vocabulary, text);
            int found = device.Draw(logits, options, 0);
            double[] expected = SamplerReference.Penalized(logits, recent, options);
            // A division or product, count · frequency, and two sums.
            double[] limits = [.. logits.Select((logit, token) => Tolerance.Gamma(4) * (1.3 * Math.Abs(logit) + recent.Count(other => other == token) * 0.25 + 0.4))];
            Compare.Close("logits", Array.ConvertAll(device.Logits(), logit => (double)logit), expected, limits);
            int largest = Array.IndexOf(expected, expected.Max());
            Compare.True(found == largest, $"the token is {found}, expected {largest}.");
        }
    }

    static void Repeats(Accelerator accelerator, Inputs inputs)
    {
        const int Vocabulary = 500, Draws = 30;
        float[] logits = inputs.Normal(Vocabulary);
        using Device device = new(accelerator, Vocabulary);
        int[] Run(ulong seed) => [.. Enumerable.Range(0, Draws).Select(position => device.Draw(logits, s_all with { Seed = seed }, position))];
        int[] first = Run(7);
        Compare.Same<int>("tokens of the same seed", Run(7), first);
        Compare.True(!Run(8).SequenceEqual(first), "another seed gave the same tokens.");
        Compare.True(first.Distinct().Count() > 1, "every position gave the same token.");
    }

    /// <summary>A sampler with its memory.</summary>
    sealed class Device : IDisposable
    {
        const int RingLength = 4;

        readonly Accelerator _accelerator;
        readonly Sampler _sampler;
        readonly int[] _recent;
        readonly GuardedBuffer<float> _logits;
        readonly GuardedBuffer<int> _history, _position, _ring, _arrivals;
        readonly GuardedBuffer<ulong> _words;

        /// <param name="accelerator">Where it draws.</param>
        /// <param name="vocabulary">Logits.</param>
        /// <param name="recent">The text so far, for penalties: draws are for the place behind it, or for any where it is null.</param>
        public Device(Accelerator accelerator, int vocabulary, int[]? recent = null)
        {
            (_accelerator, _recent) = (accelerator, recent ?? []);
            _sampler = new(accelerator);
            _logits = new(accelerator, vocabulary);
            _history = new(accelerator, [.. _recent, .. new int[2000]]);
            (_position, _ring, _arrivals) = (new(accelerator, 1), new(accelerator, RingLength), new(accelerator, new int[1]));
            _words = new(accelerator, new ulong[SamplerState.WordCount]);
        }

        public int Draw(float[] logits, SamplingOptions options, int position)
        {
            int place = _recent.Length + position;
            _logits.View.CopyFromCPU(logits);
            _position.View.CopyFromCPU([place - 1]);
            _sampler.Run(_accelerator.DefaultStream, _logits.View, new SamplerState(_history.View, _position.View, _ring.View, _words.View, _arrivals.View), options);
            int token = _history.Read()[place], now = _position.Read()[0], newest = _ring.Read()[place % RingLength];
            Compare.True(now == place, $"the position is {now}, expected {place}.");
            Compare.True(newest == token, $"the ring has {newest}, expected {token}.");
            Compare.True(_arrivals.Read()[0] == 0, "the counter is not zero after the draw.");
            return token;
        }

        public float[] Logits() => _logits.Read();

        public void Dispose()
        {
            _logits.Dispose();
            _history.Dispose();
            _position.Dispose();
            _ring.Dispose();
            _arrivals.Dispose();
            _words.Dispose();
        }
    }
}
