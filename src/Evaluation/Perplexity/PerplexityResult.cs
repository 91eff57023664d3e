namespace IlgpuDca.Evaluation;

/// <summary>How well a model predicts a text.</summary>
/// <param name="MeanNll">Mean negative log-likelihood of a prediction, in nats; windows have as many predictions each, so it is the mean of theirs.</param>
/// <param name="Tokens">Predictions that were scored.</param>
/// <param name="Windows">Windows that the text was cut into.</param>
/// <param name="StandardError">
/// Of the mean, from the spread of the windows' means, in nats; NaN for one window. Windows that overlap are not independent: then it is too small.
/// </param>
/// <param name="Curve">Mean nll by position in the window, positions without a scored prediction left out.</param>
public sealed record PerplexityResult(double MeanNll, long Tokens, int Windows, double StandardError, IReadOnlyList<PerplexityCurvePoint> Curve)
{
    /// <summary>e to the mean.</summary>
    public double Perplexity => Math.Exp(MeanNll);

    /// <summary>Standard error of the perplexity, to first order.</summary>
    public double PerplexityError => Perplexity * StandardError;

    /// <summary>From the windows' sums of nll, a sum for each bucket of the curve.</summary>
    internal static PerplexityResult Of(IReadOnlyList<PerplexityWindow> windows, IReadOnlyList<double[]> sums)
    {
        double[] means = [.. windows.Zip(sums, (window, buckets) => buckets.Sum() / window.Scored)];
        double mean = means.Average();
        double error = Math.Sqrt(means.Sum(value => (value - mean) * (value - mean)) / (means.Length - 1) / means.Length);
        int count = sums[0].Length;
        List<PerplexityCurvePoint> curve = [];
        for (int b = 0; b < count; b++)
        {
            int from = Math.Max(windows[0].BucketStart(b, count), windows[0].FirstScored), to = windows[0].BucketStart(b + 1, count);
            long tokens = (long)Math.Max(0, to - from) * windows.Count;
            if (tokens > 0)
                curve.Add(new PerplexityCurvePoint(from, to, sums.Sum(window => window[b]) / tokens, tokens));
        }
        return new PerplexityResult(mean, windows.Sum(window => (long)window.Scored), windows.Count, error, curve);
    }
}
