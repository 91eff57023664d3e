namespace IlgpuDca.Model.Evaluation;

/// <summary>The rates of one test, over its repetitions.</summary>
/// <param name="Test">"pp512", "tg128 @ d2048".</param>
/// <param name="Rates">Tokens per second of each repetition.</param>
public sealed record BenchmarkSeries(string Test, IReadOnlyList<double> Rates)
{
    /// <summary>Tokens per second.</summary>
    public double Mean => Rates.Average();

    /// <summary>Standard deviation of the sample; 0 for one repetition.</summary>
    public double Deviation => Rates.Count < 2 ? 0 : Math.Sqrt(Rates.Sum(rate => (rate - Mean) * (rate - Mean)) / (Rates.Count - 1));
}
