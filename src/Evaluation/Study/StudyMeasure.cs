namespace IlgpuDca.Evaluation.Study;

/// <summary>What a cell found.</summary>
public sealed record StudyMeasure
{
    /// <summary>Single figures by name: "perplexity", "accuracy", "seconds". See <see cref="Figure"/>.</summary>
    public IReadOnlyDictionary<string, double> Figures { get; init; } = new Dictionary<string, double>();

    /// <summary>Mean negative log-likelihood, in nats, of the predictions with some tokens before them; empty where none was taken.</summary>
    public IReadOnlyList<DistancePoint> Curve { get; init; } = [];

    /// <summary>What was found at each depth; empty where depth has no part in it.</summary>
    public IReadOnlyList<DepthPoint> Depths { get; init; } = [];
}
