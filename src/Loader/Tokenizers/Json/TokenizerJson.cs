using System.Text.Json;

namespace IlgpuDca.Loader;

/// <summary>tokenizer.json of the Hugging Face tokenizers library, for models of the kind BPE.</summary>
static class TokenizerJson
{
    /// <summary>The file's name in a model folder.</summary>
    public const string FileName = "tokenizer.json";

    const int LargestFile = 128 << 20;

    /// <summary>Reads the bytes; throws <see cref="ModelFormatException"/>, with the key.</summary>
    /// <param name="file">Disposed by the caller.</param>
    /// <param name="config">tokenizer_config.json beside it, or null.</param>
    public static BpeTokenizer Open(FileBytes file, TokenizerConfig? config)
    {
        using JsonDocument document = StrictJson.Parse(file.Name, file.ToArray(LargestFile));
        return StrictJson.Guard(file.Name, () => Read(new KeyedJson(file.Name, "", document.RootElement), config));
    }

    /// <summary>Whether the file has added tokens that a vocabulary of this size lacks.</summary>
    public static bool HasTokensBeyond(FileBytes file, int vocabularySize)
    {
        using JsonDocument document = StrictJson.Parse(file.Name, file.ToArray(LargestFile));
        return StrictJson.Guard(file.Name, () => new KeyedJson(file.Name, "", document.RootElement)
            .Items(BpeVocabularyBuilder.AddedKey)
            .Any(token => token.Required("id").Integer(0, BpeVocabularyBuilder.MostTokens) >= vocabularySize));
    }

    static BpeTokenizer Read(KeyedJson root, TokenizerConfig? config)
    {
        KeyedJson model = root.Required("model");
        if (model.Text("type") is { } type and not "BPE")
            throw model.Required("type").Fault($"is {ModelFormatException.Quote(type)}, but only BPE is supported");
        foreach (string key in (string[])["continuing_subword_prefix", "end_of_word_suffix"])
        {
            if (model.Text(key) is { Length: > 0 })
                throw model.Required(key).Expected("nothing: vocabularies with marked parts are not supported");
        }
        var preTokenizer = new PreTokenizerReader();
        if (root.Optional("pre_tokenizer") is { } node)
            preTokenizer.Read(node);
        var builder = new BpeVocabularyBuilder(preTokenizer.IsByteLevel,
            (key, what) => new KeyedJson(root.File, key, default).Fault(what));
        AddTokens(builder, root, model);
        AddMerges(builder, model.Required("merges"));
        bool hasFallback = model.Flag("byte_fallback");
        int? unknown = model.Optional("unk_token") is { } unk ? builder.Find(unk.Text())
            ?? throw unk.Fault("is no token of 'model.vocab'") : null;
        BpeVocabulary vocabulary =
            builder.Build(model.Flag("ignore_merges"), unknown, model.Flag("fuse_unk"), hasFallback);
        TextNormalizer? normalizer = root.Optional("normalizer") is { } first ? NormalizerReader.Read(first) : null;
        return new BpeTokenizer(vocabulary, preTokenizer.Preparation(normalizer), Roles(builder, root, config, unknown),
            dropsLeadingSpace: preTokenizer.PrependsSpace || StripsSpace(root.Optional("decoder")));
    }

    static void AddTokens(BpeVocabularyBuilder builder, KeyedJson root, KeyedJson model)
    {
        KeyedJson vocabulary = model.Required("vocab");
        if (!vocabulary.IsObject)
            throw vocabulary.Expected("an object of ids by token");
        foreach (JsonProperty token in vocabulary.Element.EnumerateObject())
        {
            int id = token.Value.ValueKind == JsonValueKind.Number && token.Value.TryGetInt32(out int number) ? number
                : throw vocabulary.Fault($"gives {ModelFormatException.Quote(token.Name)} the id "
                    + $"{token.Value.ValueKind}, expected a whole number below {BpeVocabularyBuilder.MostTokens}");
            builder.Add(id, token.Name);
        }
        foreach (KeyedJson token in root.Items(BpeVocabularyBuilder.AddedKey))
        {
            builder.AddAdded(new AddedToken(
                token.Required("id").Integer(0, BpeVocabularyBuilder.MostTokens - 1), token.Required("content").Text(),
                token.Flag("special"), token.Flag("lstrip"), token.Flag("rstrip"), token.Flag("single_word")));
        }
    }

    static void AddMerges(BpeVocabularyBuilder builder, KeyedJson merges)
    {
        if (!merges.IsArray)
            throw merges.Expected("an array of pairs of tokens");
        int index = 0;
        foreach (JsonElement merge in merges.Element.EnumerateArray())
        {
            if (merge.ValueKind == JsonValueKind.String)
                builder.AddMerge(merge.GetString()!);
            else if (merge.ValueKind == JsonValueKind.Array && merge.GetArrayLength() == 2
                && merge[0].ValueKind == JsonValueKind.String && merge[1].ValueKind == JsonValueKind.String)
                builder.AddMerge(merge[0].GetString()!, merge[1].GetString()!);
            else
                throw merges.Fault($"has entry {index}, which is no pair of tokens, "
                    + "expected \"a b\" or [\"a\", \"b\"]");
            index++;
        }
    }

    static TokenRoles Roles(BpeVocabularyBuilder builder, KeyedJson root, TokenizerConfig? config, int? unknown)
    {
        string? first = FirstSpecial(root.Optional("post_processor"));
        int? eos = config?.Eos is { } spelling ? builder.Find(spelling) : null;
        int? bos = (config?.Bos ?? first) is { } begin ? builder.Find(begin) : null;
        // Without a config only the spellings tell.
        if (config is null)
        {
            bos ??= builder.Find("<s>");
            eos ??= builder.Find("</s>") ?? builder.Find("<|end_of_text|>") ?? builder.Find("<|endoftext|>");
        }
        return new TokenRoles(bos, eos, unknown, config?.AddsBos ?? first is not null, []);
    }

    /// <summary>The control token that the post-processor puts before a text, or null.</summary>
    static string? FirstSpecial(KeyedJson? processor)
    {
        if (processor is not { } node)
            return null;
        return node.Required("type").Text() switch
        {
            "Sequence" =>
                node.Items("processors").Select(step => FirstSpecial(step)).FirstOrDefault(found => found is not null),
            "TemplateProcessing" => node.Items("single").FirstOrDefault() is { Key: not null } first
                ? first.Optional("SpecialToken")?.Required("id").Text() : null,
            _ => null,
        };
    }

    /// <summary>Whether the decoder takes one space off the start of a text.</summary>
    static bool StripsSpace(KeyedJson? decoder) => decoder is { } node && node.Required("type").Text() switch
    {
        "Sequence" => node.Items("decoders").Any(step => StripsSpace(step)),
        "Strip" => node.Text("content") == " " && (node.Optional("start")?.Integer(0, int.MaxValue) ?? 0) > 0,
        _ => false,
    };
}
