namespace IlgpuDca.Evaluation;

/// <summary>How well a model predicts a text.</summary>
/// <param name="MeanNll">Mean negative log-likelihood of a token, in nats.</param>
/// <param name="Tokens">Predictions that were scored.</param>
/// <param name="Windows">Windows that the text was cut into.</param>
public readonly record struct PerplexityResult(double MeanNll, long Tokens, int Windows)
{
    /// <summary>e to the mean.</summary>
    public double Perplexity => Math.Exp(MeanNll);
}
