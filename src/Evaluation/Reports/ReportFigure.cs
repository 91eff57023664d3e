namespace IlgpuDca.Evaluation.Reports;

/// <summary>A picture of a report.</summary>
/// <param name="Name">For the file: letters, digits and dashes.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Svg">The drawing, colours as variables.</param>
sealed record ReportFigure(string Name, string Title, string Svg);
