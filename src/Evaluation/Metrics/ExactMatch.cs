namespace IlgpuDca.Evaluation;

/// <summary>1 where the normalised answer is one of the normalised references, else 0.</summary>
public sealed class ExactMatch : IMetric
{
    public string Name => "em";

    public double[] Parts(string prediction, IReadOnlyList<string> references)
    {
        string said = AnswerText.Normalize(prediction);
        return [references.Any(reference => AnswerText.Normalize(reference) == said) ? 1 : 0];
    }

    public double Combine(ReadOnlySpan<double> parts) => parts[0];
}
