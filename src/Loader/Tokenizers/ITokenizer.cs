namespace IlgpuDca.Loader;

/// <summary>Text to token ids and back.</summary>
public interface ITokenizer
{
    /// <summary>Number of pieces; ids run from 0 to one less.</summary>
    int VocabularySize { get; }

    /// <summary>The id that begins a text, or null.</summary>
    int? BosId { get; }

    /// <summary>The id that ends a text, or null.</summary>
    int? EosId { get; }

    /// <summary>The id of what has no piece, or null.</summary>
    int? UnkId { get; }

    /// <summary>The ids of a text. Names of control pieces inside the text are plain characters.</summary>
    /// <param name="text">Any text; half surrogate pairs are read as U+FFFD.</param>
    /// <param name="addBos">Whether <see cref="BosId"/> comes first.</param>
    int[] Encode(string text, bool addBos);

    /// <summary>The text of ids; bytes that are no UTF-8 become U+FFFD. Throws on an id out of range.</summary>
    string Decode(ReadOnlySpan<int> ids);

    /// <summary>The piece as the vocabulary writes it.</summary>
    string PieceText(int id);

    /// <summary>A decoder for ids that come one by one.</summary>
    /// <param name="continuesText">
    /// True when text stands before the first id, so that its leading space is a real one; false at a text's start.
    /// </param>
    StreamingDecoder StartDecoding(bool continuesText);
}
