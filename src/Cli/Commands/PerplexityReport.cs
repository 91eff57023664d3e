using System.Globalization;
using System.Text.Json;
using IlgpuDca.Evaluation;
using Spectre.Console;

namespace IlgpuDca.Cli.Commands;

/// <summary>What <see cref="PerplexityCommand"/> shows.</summary>
sealed class PerplexityReport(IReadOnlyList<PerplexityCell> cells, PerplexitySettings settings, bool showsCurve)
{
    /// <summary>A line for each cell; on a terminal several cells are a table of methods by lengths.</summary>
    public void Print()
    {
        if (cells.Count > 1 && !Console.IsOutputRedirected)
            PrintTable();
        else
            foreach (PerplexityCell cell in cells)
                Results.Line(Line(cell));
        if (!showsCurve)
            return;
        foreach (PerplexityCell cell in cells)
            foreach (PerplexityCurvePoint point in cell.Result.Curve)
                Results.Line(string.Create(CultureInfo.InvariantCulture, $"{cell.Method}\t{cell.Length}\t{point.From}\t{point.To}\t{point.MeanNll:0.00000}"));
    }

    /// <summary>One object: the cells, and the members of the first where there is no other.</summary>
    public void WriteJson() => Results.Json(json =>
    {
        if (cells.Count == 1)
            Write(json, cells[0]);
        json.WriteString("protocol", settings.Protocol.ToString().ToLowerInvariant());
        if (settings.Protocol != PerplexityProtocol.Window)
            json.WriteNumber("stride", settings.Stride);
        json.WriteStartArray("cells");
        foreach (PerplexityCell cell in cells)
        {
            json.WriteStartObject();
            Write(json, cell);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    static string Line(PerplexityCell cell)
    {
        PerplexityResult result = cell.Result;
        string error = double.IsFinite(result.PerplexityError) ? string.Create(CultureInfo.InvariantCulture, $" ± {result.PerplexityError:0.0000}") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"perplexity {result.Perplexity:0.0000}{error} (nll {result.MeanNll:0.00000}) of {result.Tokens} tokens in {result.Windows} {(result.Windows == 1 ? "window" : "windows")} of {cell.Length}, {cell.Method}");
    }

    static void Write(Utf8JsonWriter json, PerplexityCell cell)
    {
        json.WriteString("method", cell.Method);
        json.WriteFinite("perplexity", cell.Result.Perplexity);
        json.WriteFinite("perplexity_error", cell.Result.PerplexityError);
        json.WriteFinite("nll", cell.Result.MeanNll);
        json.WriteFinite("nll_error", cell.Result.StandardError);
        json.WriteNumber("tokens", cell.Result.Tokens);
        json.WriteNumber("windows", cell.Result.Windows);
        json.WriteNumber("context", cell.Length);
        json.WriteString("attention", cell.Attention);
        json.WriteStartArray("curve");
        foreach (PerplexityCurvePoint point in cell.Result.Curve)
        {
            json.WriteStartObject();
            json.WriteNumber("from", point.From);
            json.WriteNumber("to", point.To);
            json.WriteFinite("nll", point.MeanNll);
            json.WriteNumber("tokens", point.Tokens);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    void PrintTable()
    {
        int[] lengths = [.. cells.Select(cell => cell.Length).Distinct()];
        Table table = new Table().Border(TableBorder.Simple).AddColumn("perplexity at");
        foreach (int length in lengths)
            table.AddColumn(new TableColumn(length.ToString("N0", CultureInfo.InvariantCulture)).RightAligned());
        foreach (IGrouping<string, PerplexityCell> method in cells.GroupBy(cell => cell.Method))
            table.AddRow([Markup.Escape(method.Key), .. lengths.Select(length => Value(method.First(cell => cell.Length == length).Result))]);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings());
        console.Write(table);
    }

    static string Value(PerplexityResult result) => string.Create(CultureInfo.InvariantCulture, $"{result.Perplexity:0.00}")
        + (double.IsFinite(result.PerplexityError) ? string.Create(CultureInfo.InvariantCulture, $" ± {result.PerplexityError:0.00}") : "");
}
