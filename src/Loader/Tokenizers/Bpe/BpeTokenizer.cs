namespace IlgpuDca.Loader;

/// <summary>
/// Byte-pair encoding: byte-level (GPT-2, Llama-3, Qwen2 and 3), or over characters with byte fallback, as
/// tokenizer.json
/// writes SentencePiece models (Llama-2, Mistral).
/// </summary>
public sealed class BpeTokenizer : Tokenizer
{
    readonly BpeVocabulary _vocabulary;
    readonly TextPreparation _preparation;
    readonly WordCache _words = new();
    readonly bool _dropsLeadingSpace;

    internal BpeTokenizer(BpeVocabulary vocabulary, TextPreparation preparation, TokenRoles roles,
        bool dropsLeadingSpace)
        : base(vocabulary.Tokens, vocabulary.Added, roles)
    {
        _vocabulary = vocabulary;
        _dropsLeadingSpace = dropsLeadingSpace;
        _preparation = preparation.Splitter is null && vocabulary.CutsBeforeSpace
            ? preparation with { Splitter = new WordStartSplitter() } : preparation;
    }

    /// <inheritdoc/>
    public override StreamingDecoder StartDecoding(bool continuesText) =>
        Decoder(_dropsLeadingSpace && !continuesText, replacesEachByte: !_vocabulary.IsByteLevel);

    private protected override void EncodeSection(string text, bool isFirst, List<int> ids)
    {
        text = _preparation.Normalizer?.Normalize(text, isFirst) ?? text;
        List<int> ends = new(text.Length / 4 + 1);
        if (_preparation.Splitter is { } splitter)
            splitter.Split(text, 0, text.Length, ends);
        else
            ends.Add(text.Length);
        var merger = new BpeMerger(_vocabulary);
        int start = 0;
        foreach (int end in ends)
        {
            EncodeWord(merger, text.AsSpan(start, end - start), ids);
            start = end;
        }
    }

    void EncodeWord(BpeMerger merger, ReadOnlySpan<char> word, List<int> ids)
    {
        if (_words.TryAppend(word, ids))
            return;
        int start = ids.Count;
        merger.Encode(word, ids);
        _words.Remember(word, ids, start);
    }
}
