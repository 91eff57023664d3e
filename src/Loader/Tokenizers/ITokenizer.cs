namespace IlgpuDca.Loader;

/// <summary>Text to token ids and back. Safe to use from several threads at once.</summary>
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

    /// <summary>Whether this model's texts begin with <see cref="BosId"/>; never true without one.</summary>
    bool AddsBos { get; }

    /// <summary>The ids after which an answer is over: of a text, of a turn, of a message.</summary>
    IReadOnlyCollection<int> EndIds { get; }

    /// <summary>Whether the id steers the model and has no text of its own.</summary>
    bool IsControl(int id);

    /// <summary>The id of the control or added token with this spelling, or null.</summary>
    int? FindSpecial(string text);

    /// <summary>The ids of a text.</summary>
    /// <param name="text">Any text; half surrogate pairs are read as U+FFFD.</param>
    /// <param name="addBos">Whether <see cref="BosId"/> comes first.</param>
    /// <param name="parseSpecial">
    /// Whether spellings of control tokens inside the text become their ids; otherwise they are plain characters.
    /// </param>
    int[] Encode(string text, bool addBos, bool parseSpecial = false);

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
