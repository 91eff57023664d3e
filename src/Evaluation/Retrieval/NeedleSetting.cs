namespace IlgpuDca.Evaluation;

/// <summary>What is hidden and how it is asked for.</summary>
public sealed record NeedleSetting
{
    /// <summary>The facts; empty: drawn for each trial.</summary>
    public IReadOnlyList<Needle> Needles { get; init; } = [];

    /// <summary>Facts that are not asked for, besides those drawn.</summary>
    public IReadOnlyList<string> Distractors { get; init; } = [];

    /// <summary>How many facts are drawn where none are given.</summary>
    public int DrawnNeedles { get; init; } = 1;

    /// <summary>How many facts of the same form are drawn and not asked for.</summary>
    public int DrawnDistractors { get; init; }

    /// <summary>Depths, evenly from 0 to 1.</summary>
    public int Depths { get; init; } = 5;

    /// <summary>Trials of each depth. All but the first read the haystack from a place that is drawn.</summary>
    public int Trials { get; init; } = 1;

    /// <summary>Draws facts and places.</summary>
    public ulong Seed { get; init; }

    public Scoring Scoring { get; init; } = Scoring.Generation;
}
