using System.CommandLine;
using System.Globalization;
using IlgpuDca.Cli.Flags;
using IlgpuDca.Evaluation;
using IlgpuDca.Model;
using IlgpuDca.Model.Attention;

namespace IlgpuDca.Cli.Commands;

/// <summary>Questions about documents, from a file.</summary>
sealed class TaskCommand : ICommand
{
    const int DefaultPredict = 64;

    readonly ModelFlags _model = new();
    readonly PromptFlags _chat = new();
    readonly Argument<string> _file = new("FILE")
    {
        Description = "JSON Lines with document, question, answers and where wanted examples, metric, task; - is "
            + "standard input.",
    };

    readonly Option<string?> _format = Flag.Word("--format",
        "few-shot: document, examples, question; instruction: document, question, a wish for a direct answer. "
            + "Default: few-shot.",
        "few-shot", "instruction");

    readonly Option<string?> _truncate = Flag.Word("--truncate",
        "Shortens documents by words so that prompts fit --ctx-size, at their beginning or end. Without it too long a "
            + "prompt is refused.",
        "left", "right");

    readonly Option<string?> _metric = Flag.Word("--metric",
        "How answers are scored where the file does not say. Default: f1.", Metrics.Names);
    readonly Option<int?> _predict = Flag.Integer("--predict", "Most tokens of an answer. Default: 64.", 1,
        int.MaxValue / 4, "-n");
    readonly Option<int?> _reserve = Flag.Integer("--reserve",
        "Tokens of --ctx-size that stay free besides the answer's. Default: 0.", 0, int.MaxValue / 4);
    readonly Option<string?> _output = Flag.Text("--output",
        "Writes each question's answer and score to this file as it is there.", "FILE");
    readonly Option<bool> _force = Flag.Switch("--force", "Replace the file of --output where there is one.");
    readonly Option<bool> _json = Flag.Switch("--json", "Print one JSON object.");

    public Command Build()
    {
        Command command = new("task",
            "Questions about documents: F1, exact match, ROUGE or option letters of the model's answers.");
        command.Add(_file);
        foreach (Option option in (Option[])[_format, _truncate, _metric, _predict, _reserve, _output, _force])
            command.Add(option);
        _chat.AddTo(command);
        _model.AddTo(command);
        _model.AddAttentionTo(command);
        command.Add(_json);
        return command;
    }

    public int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string file = parsed.GetRequiredValue(_file);
        OutputFile.MustSpare("--output", parsed.GetValue(_output), [file]);
        OutputFile.MustBeEmpty("--output", parsed.GetValue(_output), parsed.GetValue(_force));
        IMetric metric = Metrics.Find(parsed.GetValue(_metric) ?? Metrics.Names[0])!;
        IReadOnlyList<TaskQuestion> questions = TaskFile.Read(TextFlags.ReadFile(file, "task"),
            file == "-" ? "standard input" : file, metric);
        int predict = parsed.GetValue(_predict) ?? DefaultPredict;
        using LoadedModel model = LoadedModel.Load(_model, parsed, cancellation);
        IReadOnlyList<TaskPrompt> prompts = Prompts(parsed, questions, model, predict);
        AttentionPlan plan = model.Decide(_model, parsed, prompts.Max(prompt => prompt.Ids.Length) + predict);
        using TaskOutput? output = parsed.GetValue(_output) is { } path ? TaskOutput.Create(path) : null;
        IReadOnlyList<TaskOutcome> outcomes = ProgressBar.Run("questions", progress =>
            TaskRun.Measure(model.Engine, plan, prompts, predict, outcome => output?.Write(outcome), progress,
                cancellation));
        Print(TaskTotal.Of(outcomes), prompts, parsed.GetValue(_json));
        return ExitCode.Ok;
    }

    IReadOnlyList<TaskPrompt> Prompts(ParseResult parsed, IReadOnlyList<TaskQuestion> questions, LoadedModel model,
        int predict)
    {
        Truncation truncation = parsed.GetValue(_truncate) switch
        {
            "left" => Truncation.Left,
            "right" => Truncation.Right,
            _ => Truncation.None,
        };
        int? context = parsed.GetValue(_model.ContextSize) is 0 ? model.Engine.Config.MaxPositionEmbeddings
            : parsed.GetValue(_model.ContextSize);
        if (context is null && (truncation != Truncation.None || parsed.GetValue(_reserve) is not null))
            throw new UsageException("--truncate and --reserve need a limit: give --ctx-size, 0 for the trained "
                + "length.");
        long? limit = (long?)context - predict - (parsed.GetValue(_reserve) ?? 0);
        if (limit < 1)
            throw new UsageException($"--ctx-size {context} leaves no room for a prompt beside --predict {predict} and "
                + $"--reserve {parsed.GetValue(_reserve) ?? 0}: raise it, or lower those.");
        TaskFormat format = parsed.GetValue(_format) == "instruction" ? TaskFormat.Instruction : TaskFormat.FewShot;
        TaskPrompts prompts = new(_chat.Encoder(parsed, model, _model), format, truncation, (int?)limit);
        return [.. questions.Select(prompts.Build)];
    }

    static void Print(IReadOnlyList<TaskTotal> totals, IReadOnlyList<TaskPrompt> prompts, bool asJson)
    {
        int shortened = prompts.Count(prompt => prompt.DroppedWords > 0);
        if (shortened > 0)
            Messages.Line($"{shortened} of {prompts.Count} documents were shortened to fit");
        if (!asJson)
        {
            foreach (TaskTotal total in totals)
                Results.Line(string.Create(CultureInfo.InvariantCulture,
                    $"{total.Task}: {total.Metric} {total.Score:0.00 %} of {total.Questions} questions"));
            return;
        }
        Results.Json(json =>
        {
            json.WriteNumber("questions", prompts.Count);
            json.WriteNumber("shortened", shortened);
            json.WriteNumber("longest_prompt", prompts.Max(prompt => prompt.Ids.Length));
            json.WriteStartArray("tasks");
            foreach (TaskTotal total in totals)
            {
                json.WriteStartObject();
                json.WriteString("task", total.Task);
                json.WriteString("metric", total.Metric);
                json.WriteNumber("questions", total.Questions);
                json.WriteFinite("score", total.Score);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }
}
