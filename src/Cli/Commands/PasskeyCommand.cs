using System.CommandLine;
using IlgpuDca.Cli.Flags;
using IlgpuDca.Evaluation;
using IlgpuDca.Loader;
using IlgpuDca.Model;
using IlgpuDca.Model.Attention;

namespace IlgpuDca.Cli.Commands;

/// <summary>Passkey retrieval over lengths and depths.</summary>
sealed class PasskeyCommand : ICommand
{
    const int DefaultTrials = 20;

    readonly ModelFlags _model = new();
    readonly Option<int[]> _lengths = Flag.Integers("--length", "Tokens of prompt and answer.", 1024, 1,
        int.MaxValue / 4);
    readonly Option<int?> _trials = Flag.Integer("--trials", "Trials of a length, or of each depth. Default: 20.", 1,
        100_000);
    readonly Option<int?> _depths = Flag.Integer("--depths",
        "Depths: from 0 to 1, evenly; with --protocol paper 1/N to 1. Without it trial t of N has the key at (t + "
            + "0.5)/N; paper: drawn.", 1, 10_000);
    readonly Option<string?> _protocol = Flag.Word("--protocol",
        "tokens: exactly --length tokens; paper: 3.75 characters of filler for each, as the paper's evaluation "
            + "counts. Default: tokens.", "tokens", "paper");
    readonly Option<string?> _keys = Flag.Text("--keys", "A JSON file with passkey.LENGTH.keys.", "FILE");
    readonly Option<int?> _seed = Flag.Integer("--seed", "Draws the keys where there is no file. Default: 0.", 0,
        int.MaxValue, "-s");
    readonly Option<bool> _json = Flag.Switch("--json", "Print one JSON object.");

    public Command Build()
    {
        Command command = new("passkey",
            "Passkey retrieval: does the model repeat digits that stood somewhere in a long text?");
        foreach (Option option in (Option[])[_lengths, _trials, _depths, _protocol, _keys, _seed])
            command.Add(option);
        _model.AddTo(command);
        _model.AddAttentionTo(command);
        command.Add(_json);
        return command;
    }

    public int Run(ParseResult parsed, CancellationToken cancellation)
    {
        bool paper = parsed.GetValue(_protocol) == "paper";
        if (paper && parsed.GetValue(_keys) is not null)
            throw new UsageException("--keys has keys of --protocol tokens: leave it out, --seed draws those of "
                + "--protocol paper.");
        using LoadedModel model = LoadedModel.Load(_model, parsed, cancellation);
        ITokenizer tokenizer = model.RequireTokenizer();
        IPasskeyPrompts prompts = paper ? new PaperPasskeyPrompt(tokenizer) : new PasskeyPrompt(tokenizer);
        (int Length, IReadOnlyList<PasskeyTrial> Trials, int Tokens)[] runs = [.. parsed.GetRequiredValue(_lengths).Select(length =>
        {
            IReadOnlyList<PasskeyTrial> trials = Trials(parsed, prompts, length);
            return (length, trials, trials.Max(trial => Passkey.Tokens(prompts, length, trial)));
        })];
        model.RequireRoom(_model, parsed, runs.Select(run => run.Tokens));
        List<RetrievalCell> cells = [];
        foreach ((int length, IReadOnlyList<PasskeyTrial> trials, int tokens) in runs)
        {
            AttentionPlan plan = model.Decide(_model, parsed, tokens);
            cells.AddRange(ProgressBar.Run($"passkey {length}",
                progress => Passkey.Measure(model.Engine, plan, prompts, length, trials, progress, cancellation)));
        }
        RetrievalReport.Print(cells, parsed.GetValue(_json),
            json => json.WriteString("protocol", paper ? "paper" : "tokens"));
        return ExitCode.Ok;
    }

    IReadOnlyList<PasskeyTrial> Trials(ParseResult parsed, IPasskeyPrompts prompts, int length)
    {
        int trials = parsed.GetValue(_trials) ?? DefaultTrials;
        int? depths = parsed.GetValue(_depths);
        if (parsed.GetValue(_keys) is { } file)
            return PasskeyPrompt.Trials(PasskeyKeys.Read(file, length, checked(trials * (depths ?? 1))), trials,
                depths);
        return prompts.Trials((ulong)(parsed.GetValue(_seed) ?? 0), length, trials, depths);
    }
}
