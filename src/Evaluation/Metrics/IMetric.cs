namespace IlgpuDca.Evaluation;

/// <summary>
/// How good an answer is. A metric may have several parts, which are averaged over questions one by one.
/// </summary>
public interface IMetric
{
    /// <summary>As files and flags call it.</summary>
    string Name { get; }

    /// <summary>The parts of one answer's score, each 0 to 1: the best of all references in each part.</summary>
    /// <param name="prediction">What the model said.</param>
    /// <param name="references">What it should say: one or more, each of them right.</param>
    double[] Parts(string prediction, IReadOnlyList<string> references);

    /// <summary>One number of parts: those of one answer, or their means over questions.</summary>
    double Combine(ReadOnlySpan<double> parts);
}
