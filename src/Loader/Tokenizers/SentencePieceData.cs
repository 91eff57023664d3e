using System.Globalization;

namespace IlgpuDca.Loader;

/// <summary>A SentencePiece model as some file holds it, not checked yet.</summary>
/// <param name="Pieces">By id.</param>
/// <param name="BosId">Begins texts; -1: none.</param>
/// <param name="EosId">Ends texts; -1: none.</param>
/// <param name="AddsPrefix">Whether a space goes before a text.</param>
/// <param name="Fault">Makes the error that says what the file has.</param>
sealed record SentencePieceData(IReadOnlyList<SentencePiece> Pieces, int BosId, int EosId, bool AddsPrefix,
    Func<string, ModelFormatException> Fault)
{
    /// <summary>Whether texts begin with <see cref="BosId"/>.</summary>
    public bool AddsBos { get; init; } = true;

    /// <summary>Ids that end a turn or a message, beside <see cref="EosId"/>.</summary>
    public IReadOnlyCollection<int> OtherEnds { get; init; } = [];

    /// <summary>
    /// The kind of a piece in a file that does not tell: by its place and spelling, as Llama's trainer does.
    /// </summary>
    public static TokenKind KindOf(int id, string text) => id switch
    {
        0 => TokenKind.Unknown,
        1 or 2 => TokenKind.Control,
        _ => ByteOf(text) is null ? TokenKind.Normal : TokenKind.Byte,
    };

    /// <summary>The byte that a piece of the form &lt;0xNN&gt; stands for; null for any other.</summary>
    public static byte? ByteOf(string text) =>
        text.Length == 6 && text.StartsWith("<0x", StringComparison.Ordinal) && text[5] == '>'
        && char.IsAsciiHexDigitUpper(text[3]) && char.IsAsciiHexDigitUpper(text[4])
            ? byte.Parse(text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : null;
}
