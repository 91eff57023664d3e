using System.CommandLine;
using System.Globalization;
using IlgpuDca.Cli.Flags;
using IlgpuDca.Model;
using IlgpuDca.Model.Attention;
using IlgpuDca.Evaluation;

namespace IlgpuDca.Cli.Commands;

/// <summary>How well a model predicts a text.</summary>
sealed class PerplexityCommand : ICommand
{
    readonly ModelFlags _model = new();
    readonly TextFlags _text = new();
    readonly Option<int?> _tokens = Flag.Integer("--tokens", "Score only this many tokens from the start. Default: all.", 1, int.MaxValue / 2);
    readonly Option<bool> _json = Flag.Switch("--json", "Print one JSON object.");

    public Command Build()
    {
        Command command = new("perplexity", "Perplexity of a text in windows of --ctx-size tokens, without overlap.");
        _text.AddTo(command);
        command.Add(_tokens);
        _model.AddTo(command);
        _model.AddAttentionTo(command);
        command.Add(_json);
        return command;
    }

    public int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string text = _text.Read(parsed) ?? throw new UsageException("there is no text: give --file FILE or --prompt TEXT.");
        using LoadedModel model = LoadedModel.Load(_model, parsed, cancellation);
        int bos = model.RequireTokenizer().BosId ?? throw new UsageException("perplexity needs a tokenizer with a bos piece.");
        int[] ids = model.Encode(text);
        if (parsed.GetValue(_tokens) is { } most && most < ids.Length - 1)
            ids = ids[..(most + 1)];
        int window = parsed.GetValue(_model.ContextSize) is > 0 and var given ? given : model.Engine.Config.MaxPositionEmbeddings;
        window = Math.Max(1, Math.Min(window, ids.Length - 1));
        AttentionPlan plan = model.Decide(_model, parsed, window);
        int total = Math.Max(1, (ids.Length - 1) / window * window);
        PerplexityResult result = ProgressBar.Run("windows", progress => Perplexity.Measure(model.Engine, plan, ids, window, bos,
            new MappedProgress<long>(progress, done => (double)done / total), cancellation));

        if (parsed.GetValue(_json))
            Results.Json(json =>
            {
                json.WriteFinite("perplexity", result.Perplexity);
                json.WriteFinite("nll", result.MeanNll);
                json.WriteNumber("tokens", result.Tokens);
                json.WriteNumber("windows", result.Windows);
                json.WriteNumber("context", window);
                json.WriteString("attention", plan.Name);
            });
        else
            Results.Line(string.Create(CultureInfo.InvariantCulture,
                $"perplexity {result.Perplexity:0.0000} (nll {result.MeanNll:0.00000}) of {result.Tokens} tokens "
                + $"in {result.Windows} windows of {window}, {plan.Name}"));
        return ExitCode.Ok;
    }
}
