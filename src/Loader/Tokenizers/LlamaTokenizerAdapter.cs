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
    public bool AddsBos => pieces.AddsBos;

    /// <inheritdoc/>
    public IReadOnlyCollection<int> EndIds => pieces.EndIds;

    /// <inheritdoc/>
    public bool IsControl(int id) => pieces.IsControl(id);

    /// <inheritdoc/>
    public int? FindSpecial(string text) => pieces.FindSpecial(text);

    /// <inheritdoc/>
    /// <remarks>The package can't parse control tokens: such texts are our own tokenizer's.</remarks>
    public int[] Encode(string text, bool addBos, bool parseSpecial = false) => parseSpecial
        ? pieces.Encode(text, addBos, parseSpecial)
        : [.. addBos ? pieces.Encode("", addBos: true) : [], .. _tokenizer.EncodeToIds(text)];

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids) => _tokenizer.Decode(ids.ToArray());

    /// <inheritdoc/>
    public string PieceText(int id) => pieces.PieceText(id);

    /// <inheritdoc/>
    public StreamingDecoder StartDecoding(bool continuesText) => pieces.StartDecoding(continuesText);
}
#endif
