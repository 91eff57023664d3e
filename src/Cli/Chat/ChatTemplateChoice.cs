using IlgpuDca.Cli.Flags;
using IlgpuDca.Loader;
using IlgpuDca.Model;

namespace IlgpuDca.Cli.Chat;

/// <summary>Which template a conversation is written with.</summary>
static class ChatTemplateChoice
{
    /// <summary>What was asked for, the model's own, or a built-in one that fits its vocabulary; tells which on stderr.</summary>
    /// <param name="given">A built-in name or a file; null: none was asked for.</param>
    /// <param name="modelPath">As --model gave it, or null.</param>
    /// <param name="tokenizer">The model's.</param>
    public static ChatTemplate Open(string? given, string? modelPath, ITokenizer tokenizer)
    {
        if (given is not null)
            return ChatTemplate.BuiltIn(given, tokenizer) ?? OpenFile(given, tokenizer);
        ModelSource source = LoadedModel.Source(modelPath);
        if (Own(source, tokenizer) is { } own)
            return own;
        string name = ChatTemplate.GuessName(tokenizer);
        Messages.Line($"{source.Name} has no chat template: '{name}' is used (--chat-template chooses another)");
        return ChatTemplate.BuiltIn(name, tokenizer)!;
    }

    static ChatTemplate? Own(ModelSource source, ITokenizer tokenizer)
    {
        if (source.ModelFile?.EndsWith(GgufFile.Ending, StringComparison.Ordinal) != true)
            return ChatTemplate.Find(source, null, tokenizer);
        using GgufFile file = GgufFile.Open(source.Open(source.ModelFile));
        return ChatTemplate.Find(source, file.Metadata, tokenizer);
    }

    static ChatTemplate OpenFile(string path, ITokenizer tokenizer)
    {
        if (!File.Exists(path))
            throw new UsageException($"--chat-template {path} is neither a file nor one of {string.Join(", ", ChatTemplate.BuiltInNames)}.");
        return ChatTemplate.Parse(TextFlags.ReadFile(path, "--chat-template"), tokenizer);
    }
}
