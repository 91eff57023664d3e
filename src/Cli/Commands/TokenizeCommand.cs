using System.CommandLine;
using IlgpuDca.Cli.Flags;
using IlgpuDca.Loader;
using IlgpuDca.Model;

namespace IlgpuDca.Cli.Commands;

/// <summary>The token ids of a text.</summary>
sealed class TokenizeCommand : ICommand
{
    readonly ModelFlags _model = new();
    readonly TextFlags _text = new();
    readonly Option<bool> _noBos = Flag.Switch("--no-bos", "Leave out the id that begins texts.");
    readonly Option<bool> _parseSpecial = Flag.Switch("--parse-special", "Read spellings of control tokens in the text as those tokens.");
    readonly Option<bool> _json = Flag.Switch("--json", "Print one JSON object.");

    public Command Build()
    {
        Command command = new("tokenize", "Token ids and pieces of a text.");
        _text.AddTo(command);
        command.Add(_noBos);
        command.Add(_parseSpecial);
        command.Add(_model.Model);
        command.Add(_model.Tokenizer);
        command.Add(_json);
        return command;
    }

    public int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string text = _text.Read(parsed) ?? throw new UsageException("there is no text: give --prompt TEXT or --file FILE.");
        ITokenizer tokenizer = Open(parsed);
        int[] ids = tokenizer.Encode(text, addBos: !parsed.GetValue(_noBos) && tokenizer.AddsBos, parsed.GetValue(_parseSpecial));
        if (parsed.GetValue(_json))
            Results.Json(json =>
            {
                json.WriteIds("tokens", ids);
                json.WriteStartArray("pieces");
                foreach (int id in ids)
                    json.WriteStringValue(tokenizer.PieceText(id));
                json.WriteEndArray();
                json.WriteNumber("count", ids.Length);
            });
        else
            foreach (int id in ids)
                Results.Line($"{id}\t{tokenizer.PieceText(id)}");
        return ExitCode.Ok;
    }

    ITokenizer Open(ParseResult parsed)
    {
        if (parsed.GetValue(_model.Tokenizer) is { } path)
            return TokenizerFiles.Open(path);
        ModelSource source = LoadedModel.Source(parsed.GetValue(_model.Model));
        if (source.ModelFile?.EndsWith(GgufFile.Ending, StringComparison.Ordinal) != true)
            return LoadedModel.RequireTokenizer(TokenizerFiles.Find(source), source.Name);
        using GgufFile file = GgufFile.Open(source.Open(source.ModelFile));
        return LoadedModel.RequireTokenizer(TokenizerFiles.Find(source, file.Metadata), source.Name);
    }
}
