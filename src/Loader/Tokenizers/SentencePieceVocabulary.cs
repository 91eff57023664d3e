using System.Globalization;

namespace IlgpuDca.Loader;

/// <summary>The pieces of a checked tokenizer.model, arranged for encoding and decoding.</summary>
sealed class SentencePieceVocabulary
{
    /// <summary>Stands for a space inside pieces: U+2581.</summary>
    public const char Space = '\u2581';

    readonly SentencePiece[] _pieces;
    readonly string[] _surfaces;
    readonly int[] _byteIds = new int[256];
    readonly short[] _byteOf;
    readonly Dictionary<string, int> _normal = new(StringComparer.Ordinal);
    readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    readonly int _longest;

    public SentencePieceVocabulary(SentencePieceModel model)
    {
        _pieces = [.. model.Pieces];
        _surfaces = new string[_pieces.Length];
        _byteOf = new short[_pieces.Length];
        Array.Fill(_byteIds, -1);
        Array.Fill(_byteOf, (short)-1);
        var names = new HashSet<string>(StringComparer.Ordinal);
        CutsBeforeSpace = true;
        UnkId = -1;
        for (int id = 0; id < _pieces.Length; id++)
        {
            if (!names.Add(_pieces[id].Text))
                throw model.Fault($"has {ModelFormatException.Quote(_pieces[id].Text)} twice, once is legal");
            Add(model, id, _pieces[id]);
            _longest = Math.Max(_longest, _pieces[id].Text.Length);
        }
        _lookup = _normal.GetAlternateLookup<ReadOnlySpan<char>>();
        if (UnkId < 0)
            throw model.Fault("has no piece for the unknown, expected one");
        int lacking = Array.IndexOf(_byteIds, -1);
        if (lacking >= 0)
            throw model.Fault($"has no piece '<0x{lacking:X2}>', expected one for each byte");
        BosId = Control(model, "bos_id", model.BosId);
        EosId = Control(model, "eos_id", model.EosId);
    }

    public int Count => _pieces.Length;

    public int UnkId { get; private set; }

    public int? BosId { get; }

    public int? EosId { get; }

    /// <summary>
    /// Whether no piece has a space after another character: then nothing merges across the start of a word,
    /// and each word can be encoded alone with the same result.
    /// </summary>
    public bool CutsBeforeSpace { get; private set; }

    public string Text(int id) => _pieces[id].Text;

    public float Score(int id) => _pieces[id].Score;

    public SentencePieceKind Kind(int id) => _pieces[id].Kind;

    /// <summary>The piece with real spaces.</summary>
    public string Surface(int id) => _surfaces[id];

    /// <summary>The byte that a byte piece stands for.</summary>
    public byte ByteOf(int id) => (byte)_byteOf[id];

    public int IdOfByte(byte value) => _byteIds[value];

    /// <summary>The normal piece with this text, or -1.</summary>
    public int Find(ReadOnlySpan<char> text) =>
        text.Length <= _longest && _lookup.TryGetValue(text, out int id) ? id : -1;

    void Add(SentencePieceModel model, int id, SentencePiece piece)
    {
        _surfaces[id] = piece.Text.Replace(Space, ' ');
        switch (piece.Kind)
        {
            case SentencePieceKind.Normal:
                _normal.Add(piece.Text, id);
                for (int i = 1; i < piece.Text.Length; i++)
                    CutsBeforeSpace &= piece.Text[i] != Space || piece.Text[i - 1] == Space;
                break;
            case SentencePieceKind.Unknown when UnkId < 0:
                UnkId = id;
                break;
            case SentencePieceKind.Control:
                break;
            case SentencePieceKind.Byte:
                int value = ParseByte(model, piece.Text);
                _byteIds[value] = id;
                _byteOf[id] = (short)value;
                break;
            case SentencePieceKind.Unknown:
                throw model.Fault($"has a second piece for the unknown, {ModelFormatException.Quote(piece.Text)}");
            default:
                throw model.Fault($"has {ModelFormatException.Quote(piece.Text)} of the kind {piece.Kind}, "
                    + "which is not supported");
        }
    }

    static int ParseByte(SentencePieceModel model, string text) =>
        text.Length == 6 && text.StartsWith("<0x", StringComparison.Ordinal) && text[5] == '>'
        && char.IsAsciiHexDigitUpper(text[3]) && char.IsAsciiHexDigitUpper(text[4])
            ? int.Parse(text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : throw model.Fault($"has the byte piece {ModelFormatException.Quote(text)}, expected the form '<0xNN>'");

    int? Control(SentencePieceModel model, string key, int id) => id == -1 ? null
        : id >= 0 && id < Count && Kind(id) == SentencePieceKind.Control ? id
        : throw model.Fault($"has {key} {id}, expected -1 or the id of a control piece below {Count}");
}
