#if ILGPU_PACKAGE
using Microsoft.ML.Tokenizers;

namespace IlgpuDca.Loader;

/// <summary>Encodes and decodes with the package's LlamaTokenizer; pieces and streaming are our own.</summary>
/// <param name="model">The contents of tokenizer.model.</param>
/// <param name="pieces">The same file, read here.</param>
public sealed class LlamaTokenizerAdapter(Stream model, SentencePieceTokenizer pieces) : ITokenizer
{
    readonly LlamaTokenizer _tokenizer = LlamaTokenizer.Create(model, addBeginOfSentence: false);

    /// <inheritdoc/>
    public int VocabularySize => pieces.VocabularySize;

    /// <inheritdoc/>
    public int? BosId => pieces.BosId;

    /// <inheritdoc/>
    public int? EosId => pieces.EosId;

    /// <inheritdoc/>
    public int? UnkId => pieces.UnkId;

    /// <inheritdoc/>
    public int[] Encode(string text, bool addBos) =>
        [.. addBos ? pieces.Encode("", addBos: true) : [], .. _tokenizer.EncodeToIds(text)];

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids) => _tokenizer.Decode(ids.ToArray());

    /// <inheritdoc/>
    public string PieceText(int id) => pieces.PieceText(id);

    /// <inheritdoc/>
    public StreamingDecoder StartDecoding(bool continuesText) => pieces.StartDecoding(continuesText);
}
#endif
