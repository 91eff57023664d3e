using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using IlgpuDca.Cli.Flags;
using IlgpuDca.Evaluation;
using IlgpuDca.Model;
using IlgpuDca.Model.Attention;

namespace IlgpuDca.Cli.Commands;

/// <summary>Synthetic tasks over lengths.</summary>
sealed class RulerCommand : ICommand
{
    const int DefaultSamples = 10;

    readonly ModelFlags _model = new();
    readonly PromptFlags _chat = new();
    readonly Option<string[]> _tasks = Flag.Texts("--task",
        $"May be repeated: {string.Join(", ", SyntheticTasks.Names)}. Default: all.", "NAME");
    readonly Option<int[]> _lengths = Flag.Integers("--length", "Most tokens of prompt and answer.", 4096, 1,
        int.MaxValue / 4);
    readonly Option<int?> _samples = Flag.Integer("--samples", "Samples of each task and length. Default: 10.", 1,
        100_000);
    readonly Option<string?> _file = Flag.Text("--file",
        "The text that facts are hidden in; - is standard input. Default: passkey's filler.", "FILE", "-f");
    readonly Option<int?> _predict = Flag.Integer("--predict",
        "Most tokens of an answer. Default: twice those of the right one and 16.", 1, int.MaxValue / 4, "-n");
    readonly Option<string?> _score = ScoringFlag.Create();
    readonly Option<int?> _seed = Flag.Integer("--seed", "Draws the samples. Default: 0.", 0, int.MaxValue, "-s");
    readonly Option<bool> _json = Flag.Switch("--json", "Print one JSON object.");

    public Command Build()
    {
        Command command = new("ruler",
            "Synthetic tasks in the classes of RULER: needles, keys and values, variables, common and frequent words.");
        foreach (Option option in (Option[])[_tasks, _lengths, _samples, _file, _predict, _score, _seed])
            command.Add(option);
        _chat.AddTo(command);
        _model.AddTo(command);
        _model.AddAttentionTo(command);
        command.Add(_json);
        return command;
    }

    public int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string? text = parsed.GetValue(_file) is { } file ? TextFlags.ReadFile(file, "--file") : null;
        SyntheticTask[] tasks = Chosen(parsed.GetRequiredValue(_tasks), SyntheticTasks.All(text));
        SyntheticSetting setting = new()
        {
            Samples = parsed.GetValue(_samples) ?? DefaultSamples,
            Seed = (ulong)(parsed.GetValue(_seed) ?? 0),
            Scoring = ScoringFlag.Of(parsed.GetValue(_score)),
            Predict = parsed.GetValue(_predict),
        };
        using LoadedModel model = LoadedModel.Load(_model, parsed, cancellation);
        model.RequireRoom(_model, parsed, parsed.GetRequiredValue(_lengths));
        PromptEncoder encoder = _chat.Encoder(parsed, model, _model);
        bool asJson = parsed.GetValue(_json);
        foreach (int length in parsed.GetRequiredValue(_lengths))
            foreach (SyntheticTask task in tasks)
                task.Draw(encoder, length, setting.Seed, 0, setting.Predict);
        List<SyntheticResult> results = [];
        foreach (int length in parsed.GetRequiredValue(_lengths))
        {
            AttentionPlan plan = model.Decide(_model, parsed, length);
            foreach (SyntheticTask task in tasks)
            {
                SyntheticResult result = ProgressBar.Run($"{task.Name} {length}", progress =>
                    SyntheticRun.Measure(model.Engine, plan, encoder, task, setting, length, progress, cancellation));
                results.Add(result);
                if (!asJson)
                    Results.Line(string.Create(CultureInfo.InvariantCulture,
                        $"{result.Task} {length}: {result.Score:0.0 %} of {result.Samples.Count} samples"));
            }
        }
        if (asJson)
            Results.Json(json => Write(json, results, setting.Scoring));
        return ExitCode.Ok;
    }

    static SyntheticTask[] Chosen(string[] names, IReadOnlyList<SyntheticTask> all)
    {
        string? unknown = names.FirstOrDefault(name => all.All(task => task.Name != name));
        if (unknown is not null)
            throw new UsageException($"--task is '{unknown}', but must be one of "
                + $"{string.Join(", ", SyntheticTasks.Names)}.");
        return [.. all.Where(task => names.Length == 0 || names.Contains(task.Name))];
    }

    static void Write(Utf8JsonWriter json, List<SyntheticResult> results, Scoring scoring)
    {
        json.WriteString("score", scoring == Scoring.Generation ? "generation" : "likelihood");
        json.WriteStartArray("results");
        foreach (SyntheticResult result in results)
        {
            json.WriteStartObject();
            json.WriteString("task", result.Task);
            json.WriteNumber("length", result.Length);
            json.WriteFinite("accuracy", result.Score);
            json.WriteStartArray("samples");
            foreach (SyntheticOutcome sample in result.Samples)
                WriteSample(json, sample);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void WriteSample(Utf8JsonWriter json, SyntheticOutcome sample)
    {
        json.WriteStartObject();
        json.WriteNumber("tokens", sample.Tokens);
        json.WriteFinite("score", sample.Score);
        json.WriteString("answer", sample.Answer);
        json.WriteStartArray("references");
        foreach (string reference in sample.References)
            json.WriteStringValue(reference);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
