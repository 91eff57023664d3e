namespace IlgpuDca.Loader;

/// <summary>The tokenizer inside a GGUF file: <c>llama</c> (SentencePiece) or <c>gpt2</c> (byte-level BPE).</summary>
static class GgufTokenizer
{
    const string Prefix = "tokenizer.ggml.";

    /// <summary>Reads the metadata; throws <see cref="ModelFormatException"/>, with the key.</summary>
    public static Tokenizer Open(GgufMetadata metadata) => metadata.Text(Prefix + "model") switch
    {
        "llama" => OpenSentencePiece(metadata),
        "gpt2" => OpenByteLevel(metadata),
        null => throw metadata.Fault(Prefix + "model", "is absent, expected 'llama' or 'gpt2'"),
        var kind => throw metadata.Fault(Prefix + "model",
            $"is {ModelFormatException.Quote(kind)}, expected 'llama' or 'gpt2'"),
    };

    static SentencePieceTokenizer OpenSentencePiece(GgufMetadata metadata)
    {
        string[] texts = Texts(metadata);
        float[] scores = metadata.Numbers(Prefix + "scores")
            ?? throw metadata.Fault(Prefix + "scores", "is absent, expected the score of each token");
        if (scores.Length != texts.Length)
            throw metadata.Fault(Prefix + "scores", $"has {scores.Length} entries, expected {texts.Length}");
        TokenKind[]? kinds = Kinds(metadata, texts.Length);
        SentencePiece[] pieces = [.. texts.Select((text, id) => new SentencePiece(
            text, scores[id], kinds is null ? SentencePieceData.KindOf(id, text) : kinds[id]))];
        return SentencePieceTokenizer.Create(new SentencePieceData(pieces, Id(metadata, "bos", texts.Length) ?? -1,
            Id(metadata, "eos", texts.Length) ?? -1, metadata.Flag(Prefix + "add_space_prefix") ?? true,
            what => metadata.Fault(Prefix + "tokens", what))
        {
            AddsBos = metadata.Flag(Prefix + "add_bos_token") ?? true,
            OtherEnds = OtherEnds(metadata, texts.Length),
        });
    }

    static BpeTokenizer OpenByteLevel(GgufMetadata metadata)
    {
        string[] texts = Texts(metadata);
        TokenKind[] kinds = Kinds(metadata, texts.Length)
            ?? throw metadata.Fault(Prefix + "token_type", "is absent, expected the kind of each token");
        string[] merges = metadata.Strings(Prefix + "merges")
            ?? throw metadata.Fault(Prefix + "merges", "is absent, expected an array of pairs of tokens");
        var builder = new BpeVocabularyBuilder(isByteLevel: true,
            (key, what) =>
                metadata.Fault(Prefix + (key == BpeVocabularyBuilder.MergesKey ? "merges" : "tokens"), what));
        for (int id = 0; id < texts.Length; id++)
        {
            if (kinds[id] is TokenKind.Normal or TokenKind.Byte)
                builder.Add(id, texts[id]);
            else if (kinds[id] != TokenKind.Unused)
                builder.AddAdded(new AddedToken(id, texts[id], IsControl: kinds[id] != TokenKind.UserDefined));
            else
                builder.AddUnused(id, texts[id]);
        }
        foreach (string merge in merges)
            builder.AddMerge(merge);
        string? pre = metadata.Text(Prefix + "pre");
        BpePattern pattern = BpePattern.OfGguf(pre) ?? throw metadata.Fault(Prefix + "pre",
            $"is {ModelFormatException.Quote(pre ?? "")}, expected one of {BpePattern.GgufNames}");
        int? bos = Id(metadata, "bos", texts.Length);
        var roles = new TokenRoles(bos, Id(metadata, "eos", texts.Length), Id(metadata, "unknown", texts.Length),
            metadata.Flag(Prefix + "add_bos_token") ?? pattern.AddsBos, OtherEnds(metadata, texts.Length));
        return new BpeTokenizer(builder.Build(pattern.IgnoresMerges),
            new TextPreparation(pattern.Normalizer, pattern.Splitter), roles, dropsLeadingSpace: false);
    }

    static string[] Texts(GgufMetadata metadata) => metadata.Strings(Prefix + "tokens") is { Length: > 0 } texts ? texts
        : throw metadata.Fault(Prefix + "tokens", "is absent or empty, expected the tokens");

    static TokenKind[]? Kinds(GgufMetadata metadata, int count)
    {
        const string Key = Prefix + "token_type";
        int[]? kinds = metadata.Integers(Key, (int)TokenKind.Normal, (int)TokenKind.Byte);
        return kinds is null || kinds.Length == count ? kinds?.Select(kind => (TokenKind)kind).ToArray()
            : throw metadata.Fault(Key, $"has {kinds.Length} entries, expected {count}");
    }

    static int? Id(GgufMetadata metadata, string name, int count)
    {
        string key = $"{Prefix}{name}_token_id";
        // Files without one may hold -1, which as an unsigned number is far out of range.
        long? id = metadata.Integer(key);
        return id is null or -1 or uint.MaxValue ? null : id >= 0 && id < count ? (int)id
            : throw metadata.Fault(key, $"is {id}, expected an id below {count}");
    }

    static int[] OtherEnds(GgufMetadata metadata, int count) =>
        [.. ((string[])["eot", "eom"]).Select(name => Id(metadata, name, count)).OfType<int>()];
}
