namespace IlgpuDca.Evaluation.Reports;

/// <summary>An axis of a chart.</summary>
/// <param name="Label">With the unit.</param>
/// <param name="Scale">How it counts; values on a logarithmic one are above 0.</param>
/// <param name="Ticks">Values that get a tick on a logarithmic axis, ascending; null: round ones.</param>
sealed record ChartAxis(string Label, Scale Scale, IReadOnlyList<double>? Ticks = null);
