using System.CommandLine;
using System.Globalization;
using IlgpuDca.Cli.Flags;
using IlgpuDca.Model;
using IlgpuDca.Model.Attention;

namespace IlgpuDca.Cli.Commands;

/// <summary>The surprise of each token of a text, and what the model would say next.</summary>
sealed class ScoreCommand : ICommand
{
    readonly ModelFlags _model = new();
    readonly TextFlags _text = new();
    readonly Option<string?> _ids = Flag.Text("--ids", "A file of token ids with whitespace between, fed as they are; - is standard input.", "FILE");
    readonly Option<int?> _top = Flag.Integer("--top-logits", "Also the K largest logits after the last token.", 1, int.MaxValue);
    readonly Option<bool> _json = Flag.Switch("--json", "Print one JSON object.");

    public Command Build()
    {
        Command command = new("score", "Negative log-likelihood of each token, in nats.");
        _text.AddTo(command);
        command.Add(_ids);
        command.Add(_top);
        _model.AddTo(command);
        _model.AddAttentionTo(command);
        command.Add(_json);
        return command;
    }

    public int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string? text = _text.Read(parsed), file = parsed.GetValue(_ids);
        if (text is null == file is null)
            throw new UsageException("score takes one of --prompt, --file and --ids.");
        int[]? given = file is null ? null : ReadIds(file);
        using LoadedModel model = LoadedModel.Load(_model, parsed, cancellation);
        int[] ids = given ?? model.Encode(text!);
        int context = parsed.GetValue(_model.ContextSize) is > 0 and var size ? size : ids.Length;
        if (ids.Length > context)
            throw new ContextExceededException($"the text has {ids.Length} tokens and the context {context}: shorten it, or set --ctx-size {ids.Length} or more.");
        AttentionPlan plan = model.Decide(_model, parsed, context);
        using TextSession session = model.Engine.Begin(plan, context);
        float[] nll = [];
        if (ids.Length > 1)
            nll = ProgressBar.Run("scoring", progress => session.Score(ids.AsSpan(0, ids.Length - 1), ids.AsSpan(1),
                new MappedProgress<int>(progress, done => (double)done / ids.Length), cancellation));
        session.Append(ids.AsSpan(ids.Length - 1), null, cancellation);
        (int Id, float Value)[] top = parsed.GetValue(_top) is { } count ? Largest(session.Logits(), count) : [];
        if (parsed.GetValue(_json))
            WriteJson(nll, ids, top);
        else
            WriteLines(model, nll, ids, top);
        // After the results: they show where numbers ended.
        session.RequireNumbers(model.Name);
        return ExitCode.Ok;
    }

    static void WriteJson(float[] nll, int[] ids, (int Id, float Value)[] top) => Results.Json(json =>
    {
        json.WriteStartArray("nll");
        foreach (float value in nll)
            json.WriteFiniteValue(value);
        json.WriteEndArray();
        json.WriteIds("tokens", ids);
        json.WriteStartArray("top_logits");
        foreach ((int id, float value) in top)
        {
            json.WriteStartArray();
            json.WriteNumberValue(id);
            json.WriteFiniteValue(value);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    });

    static void WriteLines(LoadedModel model, float[] nll, int[] ids, (int Id, float Value)[] top)
    {
        for (int t = 0; t < nll.Length; t++)
            Results.Line(string.Create(CultureInfo.InvariantCulture, $"{t + 1}\t{ids[t + 1]}\t{nll[t]:0.000000}\t{Piece(ids[t + 1])}"));
        foreach ((int id, float value) in top)
            Results.Line(string.Create(CultureInfo.InvariantCulture, $"next\t{id}\t{value:0.000000}\t{Piece(id)}"));

        string Piece(int id) => model.Engine.Tokenizer is { } tokenizer && id < tokenizer.VocabularySize ? tokenizer.PieceText(id) : "";
    }

    static (int Id, float Value)[] Largest(float[] logits, int count) =>
        [.. logits.Select((value, id) => (Id: id, Value: value)).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Id).Take(count)];

    static int[] ReadIds(string file)
    {
        List<int> ids = [];
        foreach (string word in TextFlags.ReadFile(file, "--ids").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                throw new UsageException($"--ids {file}: '{(word.Length > 40 ? word[..40] + "…" : word)}' is no token id. Fix: give whole numbers with whitespace between.");
            ids.Add(id);
        }
        return ids.Count > 0 ? [.. ids] : throw new UsageException($"--ids {file}: has no ids. Fix: give at least one.");
    }
}
