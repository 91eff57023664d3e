using System.CommandLine;
using System.Globalization;
using IlgpuDca.Cli.Flags;
using IlgpuDca.Model;
using IlgpuDca.Model.Attention;
using IlgpuDca.Evaluation;

namespace IlgpuDca.Cli.Commands;

/// <summary>Passkey retrieval over lengths and depths.</summary>
sealed class PasskeyCommand : ICommand
{
    const int DefaultTrials = 20;

    readonly ModelFlags _model = new();
    readonly Option<int[]> _lengths = Flag.Integers("--length", "Tokens of prompt and answer.", 1024, 1, int.MaxValue / 4);
    readonly Option<int?> _trials = Flag.Integer("--trials", "Trials of a length, or of each depth. Default: 20.", 1, 100_000);
    readonly Option<int?> _depths = Flag.Integer("--depths", "Depths from 0 to 1, evenly; without it trial t of N has the key at (t + 0.5)/N.", 1, 10_000);
    readonly Option<string?> _keys = Flag.Text("--keys", "A JSON file with passkey.LENGTH.keys.", "FILE");
    readonly Option<int?> _seed = Flag.Integer("--seed", "Draws the keys where there is no file. Default: 0.", 0, int.MaxValue, "-s");
    readonly Option<bool> _json = Flag.Switch("--json", "Print one JSON object.");

    public Command Build()
    {
        Command command = new("passkey", "Passkey retrieval: does the model repeat digits that stood somewhere in a long text?");
        command.Add(_lengths);
        command.Add(_trials);
        command.Add(_depths);
        command.Add(_keys);
        command.Add(_seed);
        _model.AddTo(command);
        _model.AddAttentionTo(command);
        command.Add(_json);
        return command;
    }

    public int Run(ParseResult parsed, CancellationToken cancellation)
    {
        int[] lengths = parsed.GetRequiredValue(_lengths);
        using LoadedModel model = LoadedModel.Load(_model, parsed, cancellation);
        PasskeyPrompt prompts = new(model.RequireTokenizer());
        List<PasskeyCell> cells = [];
        foreach (int length in lengths)
        {
            if (parsed.GetValue(_model.ContextSize) is > 0 and var context && length > context)
                throw new ContextExceededException($"--length {length} is above --ctx-size {context}: raise --ctx-size, or shorten the text.");
            AttentionPlan plan = model.Decide(_model, parsed, length);
            cells.AddRange(ProgressBar.Run($"passkey {length}", progress => Measure(parsed, model.Engine, plan, prompts, length, progress, cancellation)));
        }
        Print(cells, parsed.GetValue(_json));
        return ExitCode.Ok;
    }

    List<PasskeyCell> Measure(ParseResult parsed, Engine engine, AttentionPlan plan, PasskeyPrompt prompts, int length,
        IProgress<double> progress, CancellationToken cancellation)
    {
        int trials = parsed.GetValue(_trials) ?? DefaultTrials;
        int? depths = parsed.GetValue(_depths);
        int total = checked(trials * (depths ?? 1));
        string[] keys = parsed.GetValue(_keys) is { } file
            ? PasskeyKeys.Read(file, length, total)
            : PasskeyKeys.Draw((ulong)(parsed.GetValue(_seed) ?? 0), length, total);
        List<PasskeyCell> cells = [];
        for (int trial = 0; trial < total; trial++)
        {
            double depth = depths is { } steps ? DepthOf(trial / trials, steps) : (trial + 0.5) / trials;
            (int[] prompt, int[] answer) = prompts.Build(keys[trial], length, depth);
            int before = trial;
            bool correct = Passkey.Try(engine, plan, prompt, answer,
                new MappedProgress<int>(progress, done => (before + (double)done / length) / total), cancellation);
            PasskeyCell cell = new(length, depth, correct ? 1 : 0, 1);
            if (cells.Count > 0 && cells[^1].Depth == depth)
                cells[^1] = cell with { Correct = cells[^1].Correct + cell.Correct, Trials = cells[^1].Trials + 1 };
            else
                cells.Add(cell);
        }
        return cells;
    }

    static double DepthOf(int step, int steps) => steps == 1 ? 0.5 : (double)step / (steps - 1);

    static void Print(List<PasskeyCell> cells, bool asJson)
    {
        double accuracy = (double)cells.Sum(cell => cell.Correct) / cells.Sum(cell => cell.Trials);
        if (!asJson)
        {
            foreach (IGrouping<int, PasskeyCell> length in cells.GroupBy(cell => cell.Length))
                Results.Line($"length {length.Key}: {length.Sum(cell => cell.Correct)} of {length.Sum(cell => cell.Trials)}  "
                    + string.Join(' ', length.Select(cell => string.Create(CultureInfo.InvariantCulture, $"{cell.Depth:0.000}:{cell.Correct}/{cell.Trials}"))));
            return;
        }
        Results.Json(json =>
        {
            json.WriteFinite("accuracy", accuracy);
            json.WriteStartArray("cells");
            foreach (PasskeyCell cell in cells)
            {
                json.WriteStartObject();
                json.WriteNumber("length", cell.Length);
                json.WriteFinite("depth", cell.Depth);
                json.WriteNumber("correct", cell.Correct);
                json.WriteNumber("trials", cell.Trials);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }
}
