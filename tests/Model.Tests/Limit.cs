using Xunit;

namespace IlgpuDca.Model.Tests;

/// <summary>Comparisons that NaN fails.</summary>
static class Limit
{
    /// <summary>
    /// The float32 mode's limit for nll, absolute, in nats: an honest implementation reaches 3e-5 against float64; the references here are
    /// float32 themselves.
    /// </summary>
    public const double Nll = 2e-4;

    /// <summary>The float32 mode's limit for logits of the random models, absolute.</summary>
    public const double Logits = 1e-4;

    public static void Check(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double limit)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            double error = Math.Abs((double)actual[i] - expected[i]);
            if (!(error <= limit))
                Assert.Fail($"[{i}] is {actual[i]:R}, expected {expected[i]:R} within {limit:g3}; error {error:g3}.");
        }
    }
}
