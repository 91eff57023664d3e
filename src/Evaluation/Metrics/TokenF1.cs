namespace IlgpuDca.Evaluation;

/// <summary>
/// Token F1 of SCROLLS: the harmonic mean of precision and recall over the multiset of normalised words.
/// <code>F1 = 2 P R / (P + R),  P = common / words of the prediction,  R = common / words of the reference</code>
/// Without a common word it is 0, also where both are empty.
/// </summary>
public sealed class TokenF1 : IMetric
{
    public string Name => "f1";

    public double[] Parts(string prediction, IReadOnlyList<string> references) =>
        [references.Max(reference => Score(prediction, reference))];

    public double Combine(ReadOnlySpan<double> parts) => parts[0];

    static double Score(string prediction, string reference)
    {
        string[] said = AnswerText.Words(prediction), expected = AnswerText.Words(reference);
        return WordOverlap.F1(WordOverlap.Common(said, expected), said.Length, expected.Length);
    }
}
