using System.Globalization;
using IlgpuDca.Evaluation.Study;

namespace IlgpuDca.Evaluation.Reports;

/// <summary>The tables of a study: a row for each method, a column for each length.</summary>
static class StudyTables
{
    public static IReadOnlyList<ReportTable> Of(StudyResults results) =>
    [
        .. from model in results.Grid.Models
           from task in results.Grid.Tasks
           from table in Of(results, model, task)
           where table.Rows.Any(row => row.Skip(1).Any(cell => cell.Text != "–"))
           select table,
    ];

    /// <summary>How a study's report calls a model: the last part of its path.</summary>
    public static string ModelName(string model) => Path.GetFileName(model.TrimEnd('/', '\\')) is { Length: > 0 } name ? name : model;

    static IEnumerable<ReportTable> Of(StudyResults results, string model, IStudyTask task) => task.Kind switch
    {
        "perplexity" => [Table(results, model, task, Figure.Perplexity, task.Title, lessIsBetter: true, WithError)],
        "speed" =>
        [
            Table(results, model, task, Figure.Seconds, "Time of a prompt, seconds (standard deviation)", lessIsBetter: true, WithDeviation),
            Table(results, model, task, Figure.TokenMilliseconds, "Time of a token after it, milliseconds", lessIsBetter: true, (_, _, value) => Digits(value)),
            Table(results, model, task, Figure.Bytes, "Memory of weights, cache and work, GB", lessIsBetter: true, (_, _, value) => Digits(value / 1e9)),
        ],
        "ruler" => [Table(results, model, task, Figure.Accuracy, $"{task.Title}: part of the answers found", lessIsBetter: false, (_, _, value) => value.ToString("0 %", CultureInfo.InvariantCulture))],
        _ => [Table(results, model, task, Figure.Accuracy, $"{task.Title}: answers found", lessIsBetter: false, Counts)],
    };

    static ReportTable Table(StudyResults results, string model, IStudyTask task, string figure, string title, bool lessIsBetter,
        Func<Cell, StudyResults, double, string> text)
    {
        List<IReadOnlyList<ReportCell>> rows = [];
        foreach (string method in results.Methods)
            rows.Add([new ReportCell(method), .. results.Lengths.Select(length => Entry(new Cell(model, task, method, length)))]);
        return new ReportTable($"{title} ({ModelName(model)})", ["method", .. results.Lengths.Select(length => length.ToString("#,0", CultureInfo.InvariantCulture))], rows);

        ReportCell Entry(Cell cell)
        {
            if (results.Value(model, task, cell.Method, cell.Length, figure) is not { } value)
                return new ReportCell(results.Failed.Any(failed => failed.Setting is var setting && setting.Model == model && setting.Task == task.Setting
                    && setting.Method == cell.Method && setting.Length == cell.Length) ? "failed" : "–");
            double[] all = [.. results.Methods.Select(method => results.Value(model, task, method, cell.Length, figure)).OfType<double>().Where(double.IsFinite)];
            // What is written the same is as good.
            bool best = all.Select(Digits).Distinct().Count() > 1 && Digits(value) == Digits(lessIsBetter ? all.Min() : all.Max());
            return new ReportCell(text(cell, results, value), best);
        }
    }

    static string WithError(Cell cell, StudyResults results, double value) =>
        results.Value(cell.Model, cell.Task, cell.Method, cell.Length, Figure.NllError) is { } error && double.IsFinite(error) ? $"{Digits(value)} ± {Digits(value * error)}" : Digits(value);

    static string WithDeviation(Cell cell, StudyResults results, double value) =>
        results.Value(cell.Model, cell.Task, cell.Method, cell.Length, Figure.SecondsDeviation) is { } deviation and > 0 ? $"{Digits(value)} ({Digits(deviation)})" : Digits(value);

    static string Counts(Cell cell, StudyResults results, double value) => string.Create(CultureInfo.InvariantCulture,
        $"{results.Sum(cell.Model, cell.Task, cell.Method, cell.Length, Figure.Correct):0}/{results.Sum(cell.Model, cell.Task, cell.Method, cell.Length, Figure.Trials):0}");

    /// <summary>Four digits where they say something.</summary>
    static string Digits(double value) => value.ToString(Math.Abs(value) switch
    {
        >= 1000 => "#,0",
        >= 100 => "0.0",
        >= 1 => "0.00",
        >= 0.01 => "0.0000",
        _ => "0.0e0",
    }, CultureInfo.InvariantCulture);

    readonly record struct Cell(string Model, IStudyTask Task, string Method, int Length);
}
