using ILGPU.Runtime;
using IlgpuDca.Kernels.Moe;

namespace IlgpuDca.Verification;

/// <summary>The router of experts, and the sorting of its choices.</summary>
static class ExpertRouterChecks
{
    public static IEnumerable<Check> All()
    {
        foreach ((int tokens, int experts, int perToken) in new[] { (1, 8, 2), (3, 128, 8), (130, 5, 5), (5, 60, 1), (2,
            33, 32), (2, 515, 10), (1, 1, 1) })
            foreach (bool renormalises in new[] { true, false })
                yield return NewCheck.Of($"ExpertRouter {tokens} x {perToken} of {experts}{(renormalises ? " renormalised" : "")}", (accelerator, inputs) =>
                    Route(accelerator, inputs.Normal((long)tokens * experts, 3), new ExpertShape(experts, perToken, 8, 8), renormalises));
        yield return NewCheck.Of("ExpertRouter of equal logits", (accelerator, _) =>
            Route(accelerator, [.. Enumerable.Range(0, 3 * 70).Select(e => e % 70 == 41 ? 2f : 0.5f)], new ExpertShape(70, 6, 8, 8), true));
        yield return NewCheck.Of("ExpertRouter of far logits", (accelerator, _) =>
            Route(accelerator, [.. Enumerable.Range(0, 40).Select(e => e % 2 == 0 ? 1e4f + e : -1e4f - e)], new ExpertShape(40, 25, 8, 8), false));
        yield return NewCheck.Of("ExpertRouter of NaN chooses experts that exist", (accelerator, _) =>
        {
            (int[] chosen, float[] weights) = Run(accelerator, [.. Enumerable.Repeat(float.NaN, 2 * 9)], new ExpertShape(9, 4, 8, 8), false);
            Compare.True(chosen.All(expert => expert is >= 0 and < 9), "an expert that doesn't exist was chosen.");
            Compare.True(weights.All(float.IsNaN), "a weight of NaN logits is a number.");
        });
        foreach ((int tokens, int experts, int perToken, int below) in new[] { (9, 8, 2, 8), (70, 128, 8, 128), (300, 5, 1, 5), (257, 40, 3, 1), (1000, 7, 2, 3), (1, 3, 3, 3) })
            foreach (int tile in new[] { 64, 128 })
                yield return NewCheck.Of($"ExpertSort {tokens} x {perToken} of {experts}, {below} chosen, tiles of {tile}", (accelerator, inputs) =>
                    Sort(accelerator, inputs.Integers(tokens * perToken, below), new ExpertShape(experts, perToken, 8, 8), tile));
    }

    static void Route(Accelerator accelerator, float[] logits, ExpertShape shape, bool renormalises)
    {
        (int[] chosen, float[] weights) = Run(accelerator, logits, shape, renormalises);
        List<int> expected = [];
        List<double> expectedWeights = [], limits = [];
        for (int start = 0; start < logits.Length; start += shape.Experts)
        {
            (int[] experts, double[] shares) = ExpertReference.Route(logits.AsSpan(start, shape.Experts), shape.PerToken, renormalises);
            double largest = logits[start + experts[0]];
            IEnumerable<int> summed = renormalises ? experts : Enumerable.Range(0, shape.Experts);
            double total = summed.Sum(e => Math.Exp(logits[start + e] - largest));
            double distance = summed.Sum(e => Math.Exp(logits[start + e] - largest) * Math.Abs(logits[start + e] - largest)) / total;
            for (int j = 0; j < experts.Length; j++)
            {
                // A term e^d has three roundings in its exponent and ex2's error; the terms are summed; a division follows.
                double own = 3.1 * Tolerance.U * Math.Abs(logits[start + experts[j]] - largest) + Tolerance.Approximation;
                double sum = 3.1 * Tolerance.U * distance + Tolerance.Approximation + Tolerance.Gamma(shape.Experts);
                // ex2 flushes what is below 2^-126.
                limits.Add(1.01 * shares[j] * (own + sum + Tolerance.U) + Math.ScaleB(1, -126));
            }
            expected.AddRange(experts);
            expectedWeights.AddRange(shares);
        }
        Compare.Same<int>("chosen", chosen, expected.ToArray());
        Compare.Close("weights", Array.ConvertAll(weights, value => (double)value), expectedWeights.ToArray(), limits.ToArray());
    }

    static (int[] Chosen, float[] Weights) Run(Accelerator accelerator, float[] logits, ExpertShape shape, bool renormalises)
    {
        int choices = logits.Length / shape.Experts * shape.PerToken;
        using GuardedBuffer<float> deviceLogits = new(accelerator, logits), weights = new(accelerator, choices);
        using GuardedBuffer<int> chosen = new(accelerator, choices);
        new ExpertRouter(accelerator).Run(accelerator.DefaultStream, deviceLogits.View, chosen.View, weights.View, shape, renormalises);
        return (chosen.Read(), weights.Read());
    }

    static void Sort(Accelerator accelerator, int[] choices, ExpertShape shape, int tile)
    {
        using GuardedBuffer<int> chosen = new(accelerator, choices), counts = new(accelerator, shape.Experts), tokens = new(accelerator, choices.Length),
            rows = new(accelerator, choices.Length), tiles = new(accelerator, ExpertScratch.TileElements(choices.Length, shape.Experts));
        using GuardedBuffer<float> unused = new(accelerator, 1);
        ExpertScratch scratch = new(unused.View, chosen.View, unused.View, counts.View, tokens.View, rows.View, tiles.View);
        new ExpertSort(accelerator).Run(accelerator.DefaultStream, scratch, shape, tile);

        int[] sorted = [.. Enumerable.Range(0, choices.Length).OrderBy(i => choices[i])];
        Compare.Same<int>("choices", rows.Read(), sorted);
        Compare.Same<int>("tokens", tokens.Read(), Array.ConvertAll(sorted, i => i / shape.PerToken));
        Compare.Same<int>("counts", counts.Read(), [.. Enumerable.Range(0, shape.Experts).Select(e => choices.Count(choice => choice == e))]);
        List<int> expected = [0];
        int end = 0;
        for (int expert = 0; expert < shape.Experts; expert++)
        {
            int first = end;
            end += choices.Count(choice => choice == expert);
            for (; first < end; first += tile)
            {
                expected.AddRange([expert, first, end]);
                expected[0]++;
            }
        }
        Compare.Same<int>("tiles", tiles.Read().AsSpan(0, expected.Count), expected.ToArray());
    }
}
