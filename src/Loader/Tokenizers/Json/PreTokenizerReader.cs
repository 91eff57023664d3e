using System.Text.RegularExpressions;

namespace IlgpuDca.Loader;

/// <summary>Reads the <c>pre_tokenizer</c> of tokenizer.json into what changes the text and what cuts it.</summary>
sealed class PreTokenizerReader
{
    readonly List<TextNormalizer> _normalizers = [];
    readonly List<TextSplitter> _splitters = [];

    /// <summary>
    /// Whether it turns words into bytes, so that the vocabulary is written in <see cref="ByteAlphabet"/>.
    /// </summary>
    public bool IsByteLevel { get; private set; }

    /// <summary>Whether decoding takes off the space that was put before the text.</summary>
    public bool PrependsSpace { get; private set; }

    /// <summary>What was read, after the file's normalizer.</summary>
    public TextPreparation Preparation(TextNormalizer? first)
    {
        List<TextNormalizer> normalizers = [.. first is null ? [] : (TextNormalizer[])[first], .. _normalizers];
        return new TextPreparation(
            normalizers.Count switch { 0 => null, 1 => normalizers[0], _ => new NormalizerChain(normalizers) },
            _splitters.Count switch { 0 => null, 1 => _splitters[0], _ => new SplitterChain(_splitters) });
    }

    /// <summary>Throws <see cref="ModelFormatException"/> for a kind that is not supported.</summary>
    public void Read(KeyedJson node)
    {
        string type = node.Required("type").Text();
        switch (type)
        {
            case "Sequence":
                foreach (KeyedJson step in node.Required("pretokenizers").Items())
                    Read(step);
                break;
            case "ByteLevel":
                ReadByteLevel(node);
                break;
            case "Split":
                ReadSplit(node);
                break;
            case "Digits":
                _splitters.Add(new DigitSplitter(node.Flag("individual_digits")));
                break;
            case "Metaspace":
                ReadMetaspace(node);
                break;
            default:
                throw node.Required("type").Fault($"is {ModelFormatException.Quote(type)}, but only "
                    + "Sequence, ByteLevel, Split, Digits and Metaspace are supported");
        }
    }

    void ReadByteLevel(KeyedJson node)
    {
        IsByteLevel = true;
        if (node.Flag("add_prefix_space", true))
        {
            PrependsSpace = true;
            _normalizers.Add(new SpaceEscapeNormalizer(' ', prependsFirst: true, prependsLater: true));
        }
        if (node.Flag("use_regex", true))
            _splitters.Add(PatternSplitter.Gpt2);
    }

    void ReadSplit(KeyedJson node)
    {
        KeyedJson pattern = node.Required("pattern");
        string behavior = node.Required("behavior").Text();
        bool inverts = node.Flag("invert");
        // What is removed between matches would be lost; published patterns leave nothing there.
        if (!(behavior == "Isolated" || behavior == "Removed" && inverts))
            throw node.Required("behavior").Fault($"is {ModelFormatException.Quote(behavior)} with 'invert' "
                + $"{(inverts ? "true" : "false")}, but only Isolated, and Removed with true, are supported");
        string regex = pattern.Text("Regex") ?? Regex.Escape(pattern.Text("String")
            ?? throw pattern.Fault("has neither 'Regex' nor 'String', expected one"));
        _splitters.Add((TextSplitter?)PatternSplitter.For(regex) ?? new RegexSplitter(regex, pattern.Fault));
    }

    void ReadMetaspace(KeyedJson node)
    {
        KeyedJson replacement = node.Required("replacement");
        if (replacement.Text() != $"{SentencePieceVocabulary.Space}")
            throw replacement.Expected("'\u2581' (U+2581)");
        KeyedJson? schemeKey = node.Optional("prepend_scheme");
        string scheme = schemeKey?.Text() ?? (node.Flag("add_prefix_space", true) ? "always" : "never");
        if (scheme is not ("always" or "first" or "never"))
            throw schemeKey!.Value.Expected("always, first or never");
        PrependsSpace |= scheme != "never";
        _normalizers.Add(new SpaceEscapeNormalizer(SentencePieceVocabulary.Space, scheme != "never",
            scheme == "always"));
        if (node.Flag("split", true))
            _splitters.Add(new SignSplitter(SentencePieceVocabulary.Space));
    }
}
