using System.Globalization;
using System.Text.Json;
using IlgpuDca.Evaluation;

namespace IlgpuDca.Cli.Commands;

/// <summary>Prints cells of retrieval: a line for each length, or one JSON object.</summary>
static class RetrievalReport
{
    public static void Print(IReadOnlyList<RetrievalCell> cells, bool asJson, Action<Utf8JsonWriter> setting)
    {
        if (asJson)
            Results.Json(json => Write(json, cells, setting));
        else
            foreach (IGrouping<int, RetrievalCell> length in cells.GroupBy(cell => cell.Length))
                Results.Line($"length {length.Key}: {length.Sum(cell => cell.Correct)} of "
                    + $"{length.Sum(cell => cell.Trials)}  "
                    + string.Join(' ', length.Select(cell =>
                        string.Create(CultureInfo.InvariantCulture,
                            $"{cell.Depth:0.000}:{cell.Correct}/{cell.Trials}"))));
    }

    static void Write(Utf8JsonWriter json, IReadOnlyList<RetrievalCell> cells, Action<Utf8JsonWriter> setting)
    {
        json.WriteFinite("accuracy", (double)cells.Sum(cell => cell.Correct) / cells.Sum(cell => cell.Trials));
        setting(json);
        json.WriteStartArray("cells");
        foreach (RetrievalCell cell in cells)
        {
            json.WriteStartObject();
            json.WriteNumber("length", cell.Length);
            json.WriteFinite("tokens", cell.MeanTokens);
            json.WriteFinite("depth", cell.Depth);
            json.WriteNumber("correct", cell.Correct);
            json.WriteNumber("trials", cell.Trials);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
