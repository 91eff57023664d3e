using System.CommandLine;
using System.Text.Json;
using IlgpuDca.Cli.Flags;
using IlgpuDca.Evaluation.Reports;
using IlgpuDca.Evaluation.Study;
using IlgpuDca.Model;

namespace IlgpuDca.Cli.Commands;

/// <summary>A declared grid of measurements, and its report.</summary>
sealed class StudyCommand : ICommand
{
    readonly ModelFlags _model = new();
    readonly Argument<string> _file = new("FILE") { Description = "The study: JSON with title, methods, lengths and tasks. Its cells are stored in FILE.cells.jsonl beside it, and never run twice." };
    readonly Option<string[]> _texts = Flag.Texts("--text", "May be repeated: NAME=FILE, a text that the study names.", "NAME=FILE");
    readonly Option<string?> _cells = Flag.Text("--cells", "Store the cells there instead.", "FILE");
    readonly Option<string?> _report = Flag.Text("--report", "Write the report there as one HTML page.", "FILE");
    readonly Option<string?> _markdown = Flag.Text("--markdown", "Write the report there as Markdown, its pictures beside it.", "FILE");
    readonly Option<bool> _onlyReport = Flag.Switch("--only-report", "Run nothing: report the cells that are stored.");
    readonly Option<bool> _json = Flag.Switch("--json", "Print one JSON object.");

    public Command Build()
    {
        Command command = new("study", "A grid of models, methods, lengths and tasks, run to its end and resumed after an interruption; tables and pictures.");
        command.Add(_file);
        foreach (Option option in (Option[])[_texts, _cells, _report, _markdown, _onlyReport, _model.Device, _model.DType, _model.Weights, _json])
            command.Add(option);
        return command;
    }

    public int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string file = parsed.GetRequiredValue(_file);
        string cellFile = parsed.GetValue(_cells) ?? Path.ChangeExtension(file, ".cells.jsonl");
        Dictionary<string, string> texts = Texts(parsed.GetValue(_texts) ?? []);
        foreach (Option<string?> output in (Option<string?>[])[_report, _markdown])
            OutputFile.MustSpare(output.Name, parsed.GetValue(output), [file, cellFile, .. texts.Values]);
        StudyGrid grid = StudyFile.Read(file, texts);
        using CellStore store = CellStore.Open(cellFile);
        if (!parsed.GetValue(_onlyReport))
        {
            EngineOptions options = new() { Device = _model.DeviceOf(parsed), Mode = _model.ModeOf(parsed), Weights = _model.WeightsOf(parsed) };
            using StudyModels models = new(options);
            ProgressBar.Run($"study of {grid.Cells().Count} cells", progress =>
            {
                StudyRunner.Run(grid, store, models, progress, null, cancellation);
                return true;
            });
        }

        StudyReport report = StudyReport.Of(grid, store.Records);
        if (parsed.GetValue(_report) is { } html)
            report.WriteHtml(html);
        if (parsed.GetValue(_markdown) is { } markdown)
            report.WriteMarkdown(markdown);
        CellRecord[] cells = [.. grid.Cells().Where(cell => store.Records.ContainsKey(cell.Setting)).Select(cell => store.Records[cell.Setting])];
        if (parsed.GetValue(_json))
            Results.Json(json => Write(json, grid, cells));
        else
            Results.Text(report.Text());
        return End(cells);
    }

    static int End(CellRecord[] cells)
    {
        CellRecord[] failed = [.. cells.Where(cell => cell.Error is not null)];
        foreach (CellRecord cell in failed)
            Messages.Line($"failed: {cell.Setting.Method} at {cell.Setting.Length} tokens, {cell.Setting.Task}: {cell.Error}");
        if (failed.Length == 0)
            return ExitCode.Ok;
        Messages.Error($"{failed.Length} of {cells.Length} cells failed. Fix: see each one's sentence above; running again runs those alone.");
        return ExitCode.Failure;
    }

    static Dictionary<string, string> Texts(string[] flags)
    {
        Dictionary<string, string> texts = [];
        foreach (string flag in flags)
        {
            int equals = flag.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || equals == flag.Length - 1)
                throw new UsageException($"--text is '{flag}', but must be NAME=FILE.");
            if (!texts.TryAdd(flag[..equals], flag[(equals + 1)..]))
                throw new UsageException($"--text {flag[..equals]} is given twice: leave one out.");
        }
        return texts;
    }

    static void Write(Utf8JsonWriter json, StudyGrid grid, CellRecord[] cells)
    {
        json.WriteString("title", grid.Title);
        json.WriteNumber("missing", grid.Cells().Count - cells.Length);
        json.WriteStartArray("cells");
        foreach (CellRecord cell in cells)
        {
            json.WriteStartObject();
            json.WriteString("model", cell.Setting.Model);
            json.WriteString("task", cell.Setting.Task);
            json.WriteString("method", cell.Setting.Method);
            json.WriteNumber("length", cell.Setting.Length);
            json.WriteNumber("seed", cell.Setting.Seed);
            json.WriteString("device", cell.Device);
            foreach ((string name, double value) in cell.Measure?.Figures ?? new Dictionary<string, double>())
                json.WriteFinite(name, value);
            if (cell.Error is not null)
                json.WriteString("error", cell.Error);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
