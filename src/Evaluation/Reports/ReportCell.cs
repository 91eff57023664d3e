namespace IlgpuDca.Evaluation.Reports;

/// <summary>A cell of a table.</summary>
/// <param name="Text">As it is read.</param>
/// <param name="IsBest">Whether no other of its column is better.</param>
readonly record struct ReportCell(string Text, bool IsBest = false);
