namespace IlgpuDca.Evaluation;

/// <summary>How a synthetic task is run.</summary>
public sealed record SyntheticSetting
{
    /// <summary>Samples of a length.</summary>
    public int Samples { get; init; } = 10;

    /// <summary>Draws them.</summary>
    public ulong Seed { get; init; }

    public Scoring Scoring { get; init; } = Scoring.Generation;

    /// <summary>Tokens that a model may write; null: twice those of the answer and 16.</summary>
    public int? Predict { get; init; }
}
