namespace IlgpuDca.Loader;

/// <summary>Finds and opens the tokenizer of a model, or a tokenizer file of any kind.</summary>
public static class TokenizerFiles
{
    /// <summary>
    /// The tokenizer of a folder, or a GGUF file's own; null where there is none. A folder's tokenizer.model is taken,
    /// unless its tokenizer.json has added tokens that tokenizer.model lacks. Throws <see
    /// cref="ModelFormatException"/>.
    /// </summary>
    /// <param name="source">The model.</param>
    /// <param name="metadata">Of its GGUF file, or null.</param>
    public static Tokenizer? Find(ModelSource source, GgufMetadata? metadata = null)
    {
        if (metadata is not null)
            return GgufTokenizer.Open(metadata);
        if (source.ModelFile is not null)
            return source.Has(Llama2cFileName) ? OpenFrom(source, Llama2cFileName) : null;
        if (!source.Has(SentencePieceTokenizer.FileName))
            return source.Has(TokenizerJson.FileName) ? OpenFrom(source, TokenizerJson.FileName)
                : source.Has(Llama2cFileName) ? OpenFrom(source, Llama2cFileName) : null;
        SentencePieceTokenizer pieces = SentencePieceTokenizer.Open(source);
        if (!source.Has(TokenizerJson.FileName))
            return pieces;
        using FileBytes json = source.Open(TokenizerJson.FileName);
        return TokenizerJson.HasTokensBeyond(json, pieces.VocabularySize)
            ? TokenizerJson.Open(json, TokenizerConfig.Open(source)) : pieces;
    }

    /// <summary>What llama2.c calls its tokenizer.</summary>
    const string Llama2cFileName = "tokenizer.bin";

    /// <summary>
    /// Opens a tokenizer.model, tokenizer.json (with the tokenizer_config.json beside it), tokenizer.bin or .gguf, told
    /// apart by their contents. Throws <see cref="ModelFormatException"/>.
    /// </summary>
    public static Tokenizer Open(string path)
    {
        string folder = Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : ".";
        using FileBytes file = FileBytes.Map(path);
        return Open(file, () => TokenizerConfig.Open(ModelSource.FromFolder(folder)));
    }

    /// <summary>Opens and disposes the bytes of such a file; throws <see cref="ModelFormatException"/>.</summary>
    public static Tokenizer Open(FileBytes file, TokenizerConfig? config = null)
    {
        using (file)
            return Open(file, () => config);
    }

    static Tokenizer Open(FileBytes file, Func<TokenizerConfig?> config)
    {
        ReadOnlySpan<byte> head = file.Span(0, (int)Math.Min(file.Length, 64));
        if (head.StartsWith("GGUF"u8))
        {
            using GgufFile gguf = GgufFile.Open(file);
            return GgufTokenizer.Open(gguf.Metadata);
        }
        ReadOnlySpan<byte> text = head.TrimStart("\uFEFF \t\r\n"u8);
        if (text is [(byte)'{', ..])
            return TokenizerJson.Open(file, config());
        // llama2.c begins with a small number of 32 bits; a SentencePiece model with a piece that has a length.
        if (head.Length >= sizeof(int) && head[1] == 0 && head[2] == 0 && head[3] == 0)
            return Llama2cTokenizer.Open(file);
        return SentencePieceTokenizer.Open(file);
    }

    static Tokenizer OpenFrom(ModelSource source, string name)
    {
        using FileBytes file = source.Open(name);
        return Open(file, () => TokenizerConfig.Open(source));
    }
}
