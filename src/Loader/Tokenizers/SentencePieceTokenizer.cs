namespace IlgpuDca.Loader;

/// <summary>
/// The tokenizer of Llama-2: SentencePiece BPE with byte fallback, escaped spaces and an optional dummy prefix.
/// </summary>
/// <remarks>Safe to use from several threads at once.</remarks>
public sealed class SentencePieceTokenizer : Tokenizer
{
    /// <summary>The file's name in a model folder.</summary>
    public const string FileName = "tokenizer.model";

    readonly SentencePieceVocabulary _vocabulary;
    readonly WordCache _words = new();
    readonly bool _addsPrefix;

    SentencePieceTokenizer(SentencePieceData data, SentencePieceVocabulary vocabulary)
        : base(vocabulary.Tokens, vocabulary.Added,
            new TokenRoles(vocabulary.BosId, vocabulary.EosId, vocabulary.UnkId, data.AddsBos, data.OtherEnds))
        => (_vocabulary, _addsPrefix) = (vocabulary, data.AddsPrefix);

    /// <summary>Reads tokenizer.model of a source; throws <see cref="ModelFormatException"/>.</summary>
    public static SentencePieceTokenizer Open(ModelSource source) => Open(source.Open(FileName));

    /// <summary>Reads a file of the disk; throws <see cref="ModelFormatException"/>.</summary>
    public static SentencePieceTokenizer Open(string path) => Open(FileBytes.Map(path));

    /// <summary>Reads and disposes the bytes of a tokenizer.model; throws <see cref="ModelFormatException"/>.</summary>
    public static SentencePieceTokenizer Open(FileBytes file)
    {
        using (file)
            return Create(SentencePieceModel.Read(file).Data);
    }

    /// <summary>Checks and arranges the pieces; throws <see cref="ModelFormatException"/>.</summary>
    internal static SentencePieceTokenizer Create(SentencePieceData data) =>
        new(data, new SentencePieceVocabulary(data));

    /// <inheritdoc/>
    public override StreamingDecoder StartDecoding(bool continuesText) =>
        Decoder(dropsLeadingSpace: _addsPrefix && !continuesText, replacesEachByte: true);

    private protected override void EncodeSection(string text, bool isFirst, List<int> ids)
    {
        string escaped = (_addsPrefix ? " " + text : text).Replace(' ', SentencePieceVocabulary.Space);
        var merger = new SentencePieceMerger(_vocabulary);
        int start = 0;
        while (_vocabulary.CutsBeforeSpace && SpaceCut.Next(escaped, start) is var end && end < escaped.Length)
        {
            EncodeWord(merger, escaped.AsSpan(start, end - start), ids);
            start = end;
        }
        EncodeWord(merger, escaped.AsSpan(start), ids);
    }

    void EncodeWord(SentencePieceMerger merger, ReadOnlySpan<char> word, List<int> ids)
    {
        if (_words.TryAppend(word, ids))
            return;
        int start = ids.Count;
        merger.Encode(word, ids);
        _words.Remember(word, ids, start);
    }
}
