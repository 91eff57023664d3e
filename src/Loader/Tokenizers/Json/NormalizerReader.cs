namespace IlgpuDca.Loader;

/// <summary>Reads the <c>normalizer</c> of tokenizer.json.</summary>
static class NormalizerReader
{
    /// <summary>Throws <see cref="ModelFormatException"/> for a kind that is not supported.</summary>
    public static TextNormalizer Read(KeyedJson node)
    {
        string type = node.Required("type").Text();
        return type switch
        {
            "Sequence" => new NormalizerChain([.. node.Required("normalizers").Items().Select(Read)]),
            "NFC" => new ComposingNormalizer(composes: true),
            "NFD" => new ComposingNormalizer(composes: false),
            "Prepend" => new PrependNormalizer(node.Required("prepend").Text()),
            "Replace" => Replace(node),
            "Strip" => new StripNormalizer(node.Flag("strip_left", true), node.Flag("strip_right", true)),
            "Lowercase" => new LowercaseNormalizer(),
            _ => throw node.Required("type").Fault($"is {ModelFormatException.Quote(type)}, but only Sequence, "
                + "NFC, NFD, Prepend, Replace, Strip and Lowercase are supported"),
        };
    }

    static ReplaceNormalizer Replace(KeyedJson node)
    {
        KeyedJson pattern = node.Required("pattern");
        string text =
            pattern.Text("String") ?? throw pattern.Fault("has no 'String', and no other pattern is supported");
        return text.Length > 0 ? new ReplaceNormalizer(text, node.Required("content").Text())
            : throw pattern.Fault("is empty, expected text to replace");
    }
}
