namespace IlgpuDca.Evaluation;

/// <summary>The metrics by their names.</summary>
public static class Metrics
{
    public static IReadOnlyList<IMetric> All { get; } = [new TokenF1(), new ExactMatch(), new Rouge(),
        new LetterMatch()];

    /// <summary>Their names.</summary>
    public static string[] Names { get; } = [.. All.Select(metric => metric.Name)];

    /// <summary>The metric of a name, or null.</summary>
    public static IMetric? Find(string name) => All.FirstOrDefault(metric => metric.Name == name);

    /// <summary>One answer's score.</summary>
    public static double Score(this IMetric metric, string prediction, IReadOnlyList<string> references) =>
        metric.Combine(metric.Parts(prediction, references));

    /// <summary>The score of many answers: their parts' means, combined.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="parts">The parts of each answer; at least one.</param>
    public static double Total(this IMetric metric, IReadOnlyList<double[]> parts) =>
        metric.Combine([.. Enumerable.Range(0, parts[0].Length).Select(part => parts.Average(answer => answer[part]))]);
}
