using System.CommandLine;
using IlgpuDca.Cli.Flags;
using IlgpuDca.Evaluation;
using IlgpuDca.Model;
using IlgpuDca.Model.Attention;

namespace IlgpuDca.Cli.Commands;

/// <summary>Facts hidden in a text, over lengths and depths.</summary>
sealed class NeedleCommand : ICommand
{
    readonly ModelFlags _model = new();
    readonly NeedleFlags _needles = new();
    readonly Option<int[]> _lengths = Flag.Integers("--length", "Tokens of text, question and answer.", 1024, 1,
        int.MaxValue / 4);
    readonly Option<string?> _file = Flag.Text("--file",
        "The haystack: a UTF-8 file; - is standard input. Default: passkey's filler.", "FILE", "-f");
    readonly Option<bool> _json = Flag.Switch("--json", "Print one JSON object.");

    public Command Build()
    {
        Command command = new("needle",
            "Needles in a haystack: does the model find facts that stand somewhere in a long text?");
        command.Add(_lengths);
        command.Add(_file);
        _needles.AddTo(command);
        _model.AddTo(command);
        _model.AddAttentionTo(command);
        command.Add(_json);
        return command;
    }

    public int Run(ParseResult parsed, CancellationToken cancellation)
    {
        NeedleSetting setting = _needles.Of(parsed);
        string? text = parsed.GetValue(_file) is { } file ? TextFlags.ReadFile(file, "--file") : null;
        using LoadedModel model = LoadedModel.Load(_model, parsed, cancellation);
        model.RequireRoom(_model, parsed, parsed.GetRequiredValue(_lengths));
        HaystackPrompts prompts = new(model.RequireTokenizer(), text);
        foreach (int length in parsed.GetRequiredValue(_lengths))
            NeedleSearch.Build(prompts, setting, length, depth: 0, trial: 0);
        List<RetrievalCell> cells = [];
        foreach (int length in parsed.GetRequiredValue(_lengths))
        {
            if (text is not null && prompts.Tokens < length)
                Messages.Line($"the haystack has {prompts.Tokens} tokens: it is repeated for --length {length}");
            AttentionPlan plan = model.Decide(_model, parsed, length);
            cells.AddRange(ProgressBar.Run($"needle {length}",
                progress => NeedleSearch.Measure(model.Engine, plan, prompts, setting, length, progress,
                    cancellation)));
        }
        RetrievalReport.Print(cells, parsed.GetValue(_json),
            json => json.WriteString("score", setting.Scoring == Scoring.Generation ? "generation" : "likelihood"));
        return ExitCode.Ok;
    }
}
