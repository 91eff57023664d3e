using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using IlgpuDca.Cli.Flags;
using IlgpuDca.Evaluation;
using IlgpuDca.Model;
using IlgpuDca.Model.Attention;
using IlgpuDca.Model.Weights;

namespace IlgpuDca.Cli.Commands;

/// <summary>How well a model predicts a text, at several lengths and by several methods.</summary>
sealed class PerplexityCommand : ICommand
{
    readonly ModelFlags _model = new("the trained length");
    readonly TextFlags _text = new();
    readonly Option<int?> _tokens = Flag.Integer("--tokens", "Score only this many tokens from the start. Default: all.", 1, int.MaxValue / 2);
    readonly Option<int[]> _lengths = Flag.OptionalIntegers("--length", "Tokens of a window. Default: --ctx-size, or the trained length.", 2, int.MaxValue / 2);
    readonly Option<string?> _protocol = Flag.Word("--protocol",
        "window: without overlap, bos first; paper: a window every --stride tokens, all predictions; stride: the same, its last --stride predictions alone. Default: window.",
        "window", "paper", "stride");

    readonly Option<int?> _stride = Flag.Integer("--stride", $"Tokens from window to window. Default: {PerplexitySettings.StandardStride}.", 1, int.MaxValue / 2);
    readonly Option<int?> _curve = Flag.Integer("--curve", "Also nll by position in the window, in this many parts. Default: 16, in JSON alone.", 1, 4096);
    readonly Option<string?> _resume = Flag.Text("--resume", "Keeps each window's sum in this JSON lines file, and goes on where it stops.", "FILE");
    readonly Option<bool> _json = Flag.Switch("--json", "Print one JSON object.");

    public Command Build()
    {
        Command command = new("perplexity", "Perplexity of a text in windows, at one or several lengths, by one or several methods.");
        _text.AddTo(command);
        command.Add(_tokens);
        command.Add(_lengths);
        command.Add(_protocol);
        command.Add(_stride);
        command.Add(_curve);
        command.Add(_resume);
        _model.AddTo(command);
        _model.AddAttentionTo(command);
        command.Add(_json);
        return command;
    }

    public int Run(ParseResult parsed, CancellationToken cancellation)
    {
        PerplexitySettings settings = Settings(parsed);
        IReadOnlyList<Method> methods = _model.MethodsOf(parsed);
        if (parsed.GetValue(_lengths) is { Length: > 0 } && parsed.GetValue(_model.ContextSize) is not null)
            throw new UsageException("--length and --ctx-size both give the window: leave one of them out.");
        string text = _text.Read(parsed) ?? throw new UsageException("there is no text: give --file FILE or --prompt TEXT.");
        using LoadedModel model = LoadedModel.Load(_model, parsed, cancellation);
        int[] ids = model.Encode(text);
        if (parsed.GetValue(_tokens) is { } most && most < ids.Length - 1)
            ids = ids[..(most + 1)];
        using PerplexityJournal? journal = parsed.GetValue(_resume) is { } file ? PerplexityJournal.Open(file, Shared(model, ids, settings)) : null;
        if (journal is { Found: > 0 })
            Messages.Line($"{parsed.GetValue(_resume)}: {journal.Found} windows are done already.");

        int[] lengths = Lengths(parsed, model, ids.Length, settings);
        foreach (Method method in methods)
            foreach (int length in lengths)
                model.Engine.RequireRoom(method.Plan(model.Engine.Config, length), length);
        if (methods.Count == 0)
            model.RequireRoom(_model, parsed, lengths);
        List<PerplexityCell> cells = [];
        foreach (Method? method in methods.DefaultIfEmpty<Method?>(null))
            foreach (int length in lengths)
                cells.Add(Measure(parsed, model, method, length, ids, settings, journal, cancellation));
        PerplexityReport report = new(cells, settings, parsed.GetValue(_curve) is not null);
        if (parsed.GetValue(_json))
            report.WriteJson();
        else
            report.Print();
        return ExitCode.Ok;
    }

    PerplexityCell Measure(ParseResult parsed, LoadedModel model, Method? method, int length, int[] ids, PerplexitySettings settings, PerplexityJournal? journal,
        CancellationToken cancellation)
    {
        AttentionPlan plan = method is null ? model.Decide(_model, parsed, length) : method.Plan(model.Engine.Config, length);
        if (method is not null)
            Messages.Line($"{method} at {length}: {plan.Description}");
        string name = method?.ToString() ?? plan.Name;
        long total = ids.Length < 2 ? 1 : settings.Windows(ids.Length, length).Sum(window => (long)window.Tokens);
        PerplexityResult result = ProgressBar.Run($"{name} {length}", progress => Perplexity.Measure(model.Engine, plan, ids, length, settings, model.RequireTokenizer().BosId,
            new MappedProgress<long>(progress, done => (double)done / total), journal?.Windows(name, length, plan.Description), cancellation));
        return new PerplexityCell(name, length, plan.Name, result);
    }

    PerplexitySettings Settings(ParseResult parsed)
    {
        PerplexityProtocol protocol = parsed.GetValue(_protocol) switch
        {
            "paper" => PerplexityProtocol.Paper,
            "stride" => PerplexityProtocol.Stride,
            _ => PerplexityProtocol.Window,
        };
        if (protocol == PerplexityProtocol.Window && parsed.GetValue(_stride) is not null)
            throw new UsageException("--stride needs --protocol paper or stride: windows of the window protocol don't overlap.");
        PerplexitySettings standard = new();
        return new PerplexitySettings(protocol, parsed.GetValue(_stride) ?? standard.Stride, parsed.GetValue(_curve) ?? standard.Buckets);
    }

    /// <summary>Window lengths, none longer than the text.</summary>
    int[] Lengths(ParseResult parsed, LoadedModel model, int ids, PerplexitySettings settings)
    {
        if (parsed.GetValue(_lengths) is { Length: > 0 } given)
        {
            // The last of L tokens of the window protocol predicts one more.
            int most = settings.Protocol == PerplexityProtocol.Window ? ids - 1 : ids;
            return given.FirstOrDefault(length => length > most) is > 0 and var length
                ? throw new UsageException($"--length has {length}, but the text has {ids} tokens, enough for {most}: give a longer text, or a shorter length.")
                : given.Distinct().Count() == given.Length ? given : throw new UsageException("--length has a number twice: leave one out.");
        }
        int window = parsed.GetValue(_model.ContextSize) is > 0 and var context ? context : model.Engine.Config.MaxPositionEmbeddings;
        return [Math.Max(1, Math.Min(window, ids - 1))];
    }

    /// <summary>What all windows of a journal share.</summary>
    static Dictionary<string, string> Shared(LoadedModel model, int[] ids, PerplexitySettings settings) => new()
    {
        ["model"] = model.Name,
        ["dtype"] = LoadedModel.ModeName(model.Engine.Mode),
        ["weights"] = model.Engine.Storage == WeightStorage.Plain ? "expanded" : "quantized",
        ["cache"] = LoadedModel.CacheName(model.Engine.Cache, model.Engine.Mode),
        ["text"] = string.Create(CultureInfo.InvariantCulture, $"{ids.Length} ids, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(ids.AsSpan())))[..16]}"),
        ["protocol"] = settings.ToString(),
    };
}
