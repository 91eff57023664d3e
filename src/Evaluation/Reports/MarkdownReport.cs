using System.Text;

namespace IlgpuDca.Evaluation.Reports;

/// <summary>A report as Markdown with pictures beside it.</summary>
static class MarkdownReport
{
    /// <param name="report">The report.</param>
    /// <param name="pictures">What the pictures' names begin with; null: without them.</param>
    public static string Of(StudyReport report, string? pictures)
    {
        StringBuilder text = new($"# {report.Title}\n\n");
        if (report.Question.Length > 0)
            text.Append($"{report.Question}\n\n");
        foreach (ReportFigure figure in pictures is null ? [] : report.Figures)
            text.Append($"**{Cell(figure.Title)}**\n\n![{Cell(figure.Title)}]({Uri.EscapeDataString(pictures!)}-{figure.Name}.svg)\n\n");
        foreach (ReportTable table in report.Tables)
        {
            text.Append($"## {table.Title}\n\n| {string.Join(" | ", table.Head.Select(Cell))} |\n|---|{string.Concat(Enumerable.Repeat("---:|", table.Head.Count - 1))}\n");
            foreach (IReadOnlyList<ReportCell> row in table.Rows)
                text.Append($"| {string.Join(" | ", row.Select(cell => cell.IsBest ? $"**{Cell(cell.Text)}**" : Cell(cell.Text)))} |\n");
            text.Append('\n');
        }
        foreach (string note in report.Notes)
            text.Append($"* {note}\n");
        return text.ToString();
    }

    /// <summary>A picture that stands alone: with the colours' variables.</summary>
    public static string Picture(ReportFigure figure)
    {
        int end = figure.Svg.IndexOf('>', StringComparison.Ordinal) + 1;
        return $"{figure.Svg[..end]}\n<style>{ChartTheme.Css()}</style>{figure.Svg[end..]}";
    }

    static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
