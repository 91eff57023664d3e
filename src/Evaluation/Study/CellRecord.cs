namespace IlgpuDca.Evaluation.Study;

/// <summary>A cell that was run, as it is stored.</summary>
/// <param name="Setting">Which.</param>
/// <param name="Device">Where it ran, and in which arithmetic.</param>
/// <param name="Measure">What it found; null where it failed.</param>
/// <param name="Error">Why it failed; null where it didn't.</param>
public sealed record CellRecord(CellSetting Setting, string Device, StudyMeasure? Measure, string? Error)
{
    /// <summary>A figure; null where the cell failed or has none of that name.</summary>
    public double? Value(string figure) => Measure is not null && Measure.Figures.TryGetValue(figure, out double value) ? value : null;
}
