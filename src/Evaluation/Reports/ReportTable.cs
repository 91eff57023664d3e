namespace IlgpuDca.Evaluation.Reports;

/// <summary>A table of a report.</summary>
/// <param name="Title">What it shows, with the unit.</param>
/// <param name="Head">The columns' names.</param>
/// <param name="Rows">Each as long as the head.</param>
sealed record ReportTable(string Title, IReadOnlyList<string> Head, IReadOnlyList<IReadOnlyList<ReportCell>> Rows);
