namespace IlgpuDca.Evaluation;

/// <summary>A synthetic task at one length.</summary>
/// <param name="Task">Its name.</param>
/// <param name="Length">Most tokens of prompt and answer.</param>
/// <param name="Samples">At least one.</param>
public sealed record SyntheticResult(string Task, int Length, IReadOnlyList<SyntheticOutcome> Samples)
{
    /// <summary>The mean score, 0 to 1.</summary>
    public double Score => Samples.Average(sample => sample.Score);
}
