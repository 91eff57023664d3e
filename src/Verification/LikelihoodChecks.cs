using ILGPU.Runtime;
using IlgpuDca.Kernels.Sampling;

namespace IlgpuDca.Verification;

/// <summary>The likelihood of tokens.</summary>
static class LikelihoodChecks
{
    public static IEnumerable<Check> All()
    {
        foreach ((int tokens, int vocabulary) in new[] { (1, 1), (2, 31), (5, 255), (3, 257), (4, 1031) })
            yield return NewCheck.Of($"NegativeLogLikelihood {tokens} x {vocabulary}", (accelerator, inputs) =>
                Likelihood(accelerator, inputs.Normal(tokens * vocabulary, 4), inputs.Integers(tokens, vocabulary), vocabulary));
        yield return NewCheck.Of("NegativeLogLikelihood of a sure token", (accelerator, inputs) =>
            Likelihood(accelerator, [-200f, 300f, -500f, 3e4f, 0f, 1f], [1, 0], 3));
        yield return NewCheck.Of("NegativeLogLikelihood of equal logits", (accelerator, inputs) =>
            Likelihood(accelerator, [.. Enumerable.Repeat(-7.25f, 300)], [299], 300));
    }

    static void Likelihood(Accelerator accelerator, float[] logits, int[] targets, int vocabulary)
    {
        using GuardedBuffer<float> deviceLogits = new(accelerator, logits), nll = new(accelerator, targets.Length);
        using GuardedBuffer<int> deviceTargets = new(accelerator, targets);
        new NegativeLogLikelihood(accelerator).Run(accelerator.DefaultStream, deviceLogits.View, deviceTargets.View, nll.View, vocabulary);
        double[] expected = new double[targets.Length], limits = new double[targets.Length];
        for (int t = 0; t < targets.Length; t++)
        {
            double[] row = Array.ConvertAll(logits[(t * vocabulary)..((t + 1) * vocabulary)], value => (double)value);
            double max = row.Max(), sum = row.Sum(logit => Math.Exp(logit - max)), target = row[targets[t]];
            double exponents = row.Sum(logit => Math.Exp(logit - max) * (max - logit)) / sum;
            expected[t] = Math.Log(sum) + max - target;
            limits[t] = Tolerance.NegativeLogLikelihood(vocabulary, exponents, Math.Log(sum), max, target);
        }
        Compare.Close("nll", Array.ConvertAll(nll.Read(), value => (double)value), expected, limits);
    }
}
