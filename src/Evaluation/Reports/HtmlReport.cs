using System.Net;
using System.Text;

namespace IlgpuDca.Evaluation.Reports;

/// <summary>A report as one HTML page.</summary>
static class HtmlReport
{
    const string Style = """
        body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:Canvas;max-width:60rem;margin:2rem auto;padding:0 1rem}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:.5rem 0 2rem;display:block;overflow-x:auto}
        th,td{padding:.25rem .75rem;text-align:right;border-bottom:1px solid var(--grid);white-space:nowrap}
        th:first-child,td:first-child{text-align:left}
        figure{margin:2rem 0}figcaption{font-weight:600}svg{max-width:100%;height:auto}
        .notes{color:var(--faint)}
        """;

    public static string Of(StudyReport report)
    {
        StringBuilder html = new();
        html.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n");
        html.Append($"<title>{Text(report.Title)}</title>\n<style>\n{ChartTheme.Css()}\n{Style.ReplaceLineEndings("\n")}\n</style>\n</head>\n<body>\n<h1>{Text(report.Title)}</h1>\n");
        if (report.Question.Length > 0)
            html.Append($"<p>{Text(report.Question)}</p>\n");
        foreach (ReportFigure figure in report.Figures)
            html.Append($"<figure>\n<figcaption>{Text(figure.Title)}</figcaption>\n{figure.Svg.Trim()}\n</figure>\n");
        foreach (ReportTable table in report.Tables)
            Append(html, table);
        html.Append("<ul class=\"notes\">\n");
        foreach (string note in report.Notes)
            html.Append($"<li>{Text(note)}</li>\n");
        return html.Append("</ul>\n</body>\n</html>\n").ToString();
    }

    static void Append(StringBuilder html, ReportTable table)
    {
        html.Append($"<h2>{Text(table.Title)}</h2>\n<table>\n<thead><tr>{string.Concat(table.Head.Select(name => $"<th>{Text(name)}</th>"))}</tr></thead>\n<tbody>\n");
        foreach (IReadOnlyList<ReportCell> row in table.Rows)
            html.Append($"<tr>{string.Concat(row.Select(cell => $"<td>{(cell.IsBest ? $"<strong>{Text(cell.Text)}</strong>" : Text(cell.Text))}</td>"))}</tr>\n");
        html.Append("</tbody>\n</table>\n");
    }

    static string Text(string text) => WebUtility.HtmlEncode(text);
}
