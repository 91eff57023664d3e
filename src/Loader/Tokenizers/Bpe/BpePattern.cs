namespace IlgpuDca.Loader;

/// <summary>How a byte-level BPE vocabulary of a GGUF file wants its texts, which the file tells by a name.</summary>
/// <param name="Normalizer">Before words are cut, or null.</param>
/// <param name="Splitter">Cuts words.</param>
/// <param name="IgnoresMerges">Whether a word that is a token is never merged from parts.</param>
/// <param name="AddsBos">Whether texts begin with bos where the file does not tell.</param>
sealed record BpePattern(TextNormalizer? Normalizer, TextSplitter Splitter, bool IgnoresMerges, bool AddsBos)
{
    /// <summary>The names that are known, for messages.</summary>
    public const string GgufNames = "default, gpt-2, llama-bpe, llama3, qwen2";

    /// <summary>The pattern of a name of tokenizer.ggml.pre; null for a name that is not known.</summary>
    public static BpePattern? OfGguf(string? name) => name switch
    {
        null or "default" => new BpePattern(null, new SplitterChain(
        [
            Regex(@"[\p{P}\$\+<=>\^~\|]+"),
            PatternSplitter.Gpt2,
            Regex(@"\p{N}+"),
            Regex("[0-9][0-9][0-9]"),
        ]), false, false),
        "gpt-2" => new BpePattern(null, PatternSplitter.Gpt2, false, false),
        "llama-bpe" or "llama3" or "llama-v3" => new BpePattern(null, PatternSplitter.Llama3, true, true),
        "qwen2" => new BpePattern(new ComposingNormalizer(composes: true), PatternSplitter.Qwen2, false, false),
        _ => null,
    };

    static RegexSplitter Regex(string pattern) =>
        new(pattern, what => new ModelFormatException("tokenizer.ggml.pre", $"{what}. Fix: cut the text."));
}
