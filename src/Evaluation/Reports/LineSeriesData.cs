namespace IlgpuDca.Evaluation.Reports;

/// <summary>One line of a chart.</summary>
/// <param name="Name">In the legend.</param>
/// <param name="Style">Colour, dash and marker: the same number looks the same in every chart.</param>
/// <param name="Points">By x, all finite.</param>
sealed record LineSeriesData(string Name, int Style, IReadOnlyList<(double X, double Y)> Points);
