using System.Text.Json;

namespace IlgpuDca.Loader;

/// <summary>tokenizer_config.json: which tokens begin and end texts, and the model's chat templates.</summary>
public sealed class TokenizerConfig
{
    /// <summary>The file's name in a model folder.</summary>
    public const string FileName = "tokenizer_config.json";

    /// <summary>A template of its own, which newer folders have beside the config.</summary>
    public const string TemplateFileName = "chat_template.jinja";

    const int LargestFile = 32 << 20;

    readonly Dictionary<string, string> _templates = new(StringComparer.Ordinal);

    /// <summary>Whether texts begin with bos; null: the file does not say.</summary>
    public bool? AddsBos { get; private init; }

    /// <summary>The spelling of bos, or null.</summary>
    public string? Bos { get; private init; }

    /// <summary>The spelling of eos, or null.</summary>
    public string? Eos { get; private init; }

    /// <summary>Jinja templates by name; a single one is called <c>default</c>.</summary>
    public IReadOnlyDictionary<string, string> ChatTemplates => _templates;

    /// <summary>
    /// Reads the file of a source; null where there is none. Throws <see cref="ModelFormatException"/>.
    /// </summary>
    public static TokenizerConfig? Open(ModelSource source)
    {
        if (!source.Has(FileName))
            return null;
        TokenizerConfig config = Read(source.Open(FileName));
        if (source.Has(TemplateFileName))
        {
            using FileBytes template = source.Open(TemplateFileName);
            config._templates["default"] = System.Text.Encoding.UTF8.GetString(template.ToArray(LargestFile));
        }
        return config;
    }

    /// <summary>Reads and disposes the bytes; throws <see cref="ModelFormatException"/>, with the key.</summary>
    public static TokenizerConfig Read(FileBytes file)
    {
        using (file)
        {
            using JsonDocument document = StrictJson.Parse(file.Name, file.ToArray(LargestFile));
            return StrictJson.Guard(file.Name, () => Read(new KeyedJson(file.Name, "", document.RootElement)));
        }
    }

    static TokenizerConfig Read(KeyedJson root)
    {
        var config = new TokenizerConfig
        {
            AddsBos = root.Optional("add_bos_token") is null ? null : root.Flag("add_bos_token"),
            Bos = Spelling(root, "bos_token"),
            Eos = Spelling(root, "eos_token"),
        };
        if (root.Optional("chat_template") is not { } template)
            return config;
        if (template.IsText)
            config._templates["default"] = template.Text();
        else
        {
            foreach (KeyedJson named in template.Items())
                config._templates[named.Required("name").Text()] = named.Required("template").Text();
        }
        return config;
    }

    /// <summary>A token is written as a string, or as an object with its content.</summary>
    static string? Spelling(KeyedJson root, string name) =>
        root.Optional(name) is not { } token ? null : token.IsText ? token.Text() : token.Required("content").Text();
}
