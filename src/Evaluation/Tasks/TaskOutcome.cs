namespace IlgpuDca.Evaluation;

/// <summary>What became of one question.</summary>
/// <param name="Prompt">As it was asked.</param>
/// <param name="Answer">What the model said, cut where it began the next question.</param>
/// <param name="Parts">The metric's parts, each 0 to 1.</param>
public sealed record TaskOutcome(TaskPrompt Prompt, string Answer, double[] Parts)
{
    /// <summary>0 to 1.</summary>
    public double Score => Prompt.Question.Metric.Combine(Parts);
}
