using System.Text.Json;

namespace IlgpuDca.Loader;

/// <summary>Turns a conversation into the text that a model was trained to answer.</summary>
public sealed class ChatTemplate
{
    const string GgufKey = "tokenizer.chat_template";

    readonly JinjaTemplate _template;
    readonly JinjaTemplate? _toolTemplate;
    readonly string? _bos, _eos;

    ChatTemplate(string source, string? toolSource, string? bos, string? eos)
    {
        (Source, _bos, _eos) = (source, bos, eos);
        _template = JinjaTemplate.Parse(source);
        _toolTemplate = toolSource is null ? null : JinjaTemplate.Parse(toolSource);
    }

    /// <summary>The names of the built-in templates.</summary>
    public static IEnumerable<string> BuiltInNames => BuiltInTemplates.All.Keys;

    /// <summary>The template's text.</summary>
    public string Source { get; }

    /// <summary>Reads a template; throws <see cref="TemplateException"/>.</summary>
    /// <param name="source">Jinja2.</param>
    /// <param name="tokenizer">Spells bos and eos.</param>
    public static ChatTemplate Parse(string source, ITokenizer tokenizer) =>
        new(source, null, Spelling(tokenizer, tokenizer.BosId), Spelling(tokenizer, tokenizer.EosId));

    /// <summary>A built-in template, or null where there is none of this name.</summary>
    public static ChatTemplate? BuiltIn(string name, ITokenizer tokenizer) =>
        BuiltInTemplates.All.TryGetValue(name, out string? source) ? Parse(source, tokenizer) : null;

    /// <summary>
    /// The template that the model brings, in its GGUF file, tokenizer_config.json or chat_template.jinja; null where
    /// there is none. Throws <see cref="TemplateException"/> and <see cref="ModelFormatException"/>.
    /// </summary>
    /// <param name="source">The model.</param>
    /// <param name="metadata">Of its GGUF file, or null.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    public static ChatTemplate? Find(ModelSource source, GgufMetadata? metadata, ITokenizer tokenizer)
    {
        if (metadata is not null)
            return metadata.Text(GgufKey) is { } own ? Parse(own, tokenizer) : null;
        if (source.ModelFile is not null || TokenizerConfig.Open(source) is not { } config)
            return null;
        string? toolSource = config.ChatTemplates.GetValueOrDefault("tool_use");
        return (config.ChatTemplates.GetValueOrDefault("default") ?? toolSource) is { } text
            ? new ChatTemplate(text, toolSource, config.Bos ?? Spelling(tokenizer, tokenizer.BosId),
                config.Eos ?? Spelling(tokenizer, tokenizer.EosId))
            : null;
    }

    /// <summary>
    /// The built-in template whose control tokens the vocabulary has: chatml or llama3; otherwise plain, which has
    /// none.
    /// </summary>
    public static string GuessName(ITokenizer tokenizer) =>
        tokenizer.FindSpecial("<|im_start|>") is not null ? "chatml"
        : tokenizer.FindSpecial("<|start_header_id|>") is not null ? "llama3" : "plain";

    /// <summary>The text of a conversation; throws <see cref="TemplateException"/>.</summary>
    public string Render(IEnumerable<ChatMessage> messages, ChatTemplateOptions? options = null)
    {
        List<object?> list = [];
        foreach (ChatMessage message in messages)
            list.Add(new JinjaMap { ["role"] = message.Role, ["content"] = message.Content });
        return Render(list, options ?? new ChatTemplateOptions());
    }

    /// <summary>The text of a conversation whose messages are a JSON array, with all their members.</summary>
    public string Render(JsonElement messages, ChatTemplateOptions? options = null) =>
        Render(JinjaJson.Value(messages), options ?? new ChatTemplateOptions());

    string Render(object? messages, ChatTemplateOptions options)
    {
        var variables = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["messages"] = messages,
            ["add_generation_prompt"] = options.AddsGenerationPrompt,
            ["tools"] = options.Tools is { } tools ? JinjaJson.Value(tools) : null,
            ["documents"] = null,
        };
        if (_bos is not null)
            variables["bos_token"] = _bos;
        if (_eos is not null)
            variables["eos_token"] = _eos;
        foreach ((string name, bool value) in options.Switches)
            variables[name] = value;
        return (options.Tools is null ? _template : _toolTemplate ?? _template).Render(variables);
    }

    static string? Spelling(ITokenizer tokenizer, int? id) => id is { } known ? tokenizer.PieceText(known) : null;
}
