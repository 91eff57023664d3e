using System.Text;

namespace IlgpuDca.Loader;

/// <summary>
/// The tokenizer of Llama-2: SentencePiece BPE with byte fallback, escaped spaces and an optional dummy prefix.
/// </summary>
/// <remarks>Safe to use from several threads at once.</remarks>
public sealed class SentencePieceTokenizer : ITokenizer
{
    /// <summary>The file's name in a model folder.</summary>
    public const string FileName = "tokenizer.model";

    readonly SentencePieceVocabulary _vocabulary;
    readonly bool _addsDummyPrefix;

    SentencePieceTokenizer(SentencePieceModel model)
    {
        _vocabulary = new SentencePieceVocabulary(model);
        _addsDummyPrefix = model.AddDummyPrefix;
    }

    /// <summary>Reads tokenizer.model of a source; throws <see cref="ModelFormatException"/>.</summary>
    public static SentencePieceTokenizer Open(ModelSource source) => Open(source.Open(FileName));

    /// <summary>Reads a file of the disk; throws <see cref="ModelFormatException"/>.</summary>
    public static SentencePieceTokenizer Open(string path) => Open(FileBytes.Map(path));

    /// <summary>Reads and disposes the bytes; throws <see cref="ModelFormatException"/>.</summary>
    public static SentencePieceTokenizer Open(FileBytes file)
    {
        using (file)
            return new SentencePieceTokenizer(SentencePieceModel.Read(file));
    }

    /// <inheritdoc/>
    public int VocabularySize => _vocabulary.Count;

    /// <inheritdoc/>
    public int? BosId => _vocabulary.BosId;

    /// <inheritdoc/>
    public int? EosId => _vocabulary.EosId;

    /// <inheritdoc/>
    public int? UnkId => _vocabulary.UnkId;

    /// <inheritdoc/>
    public string PieceText(int id) => _vocabulary.Text(id);

    /// <inheritdoc/>
    public int[] Encode(string text, bool addBos)
    {
        var ids = new List<int>(text.Length / 3 + 8);
        if (addBos)
            ids.Add(BosId
                ?? throw new InvalidOperationException("The tokenizer has no bos piece. Fix: encode without bos."));
        if (text.Length > 0)
            Encode(Escape(text), ids);
        return [.. ids];
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids)
    {
        StreamingDecoder decoder = StartDecoding(continuesText: false);
        var text = new StringBuilder();
        foreach (int id in ids)
            text.Append(decoder.Append(id));
        return text.Append(decoder.Flush()).ToString();
    }

    /// <inheritdoc/>
    public StreamingDecoder StartDecoding(bool continuesText) =>
        new SentencePieceDecoder(_vocabulary, dropsLeadingSpace: _addsDummyPrefix && !continuesText);

    void Encode(ReadOnlySpan<char> escaped, List<int> ids)
    {
        var merger = new SentencePieceMerger(_vocabulary);
        int start = 0;
        for (int i = 1; _vocabulary.CutsBeforeSpace && i < escaped.Length; i++)
        {
            if (escaped[i] != SentencePieceVocabulary.Space || escaped[i - 1] == SentencePieceVocabulary.Space)
                continue;
            merger.Encode(escaped[start..i], ids);
            start = i;
        }
        merger.Encode(escaped[start..], ids);
    }

    string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 1);
        if (_addsDummyPrefix)
            escaped.Append(SentencePieceVocabulary.Space);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == ' ')
                escaped.Append(SentencePieceVocabulary.Space);
            else if (!char.IsSurrogate(c))
                escaped.Append(c);
            else if (i + 1 < text.Length && char.IsSurrogatePair(c, text[i + 1]))
                escaped.Append(c).Append(text[++i]);
            else
                escaped.Append('\uFFFD');
        }
        return escaped.ToString();
    }
}
