using System.Text;

namespace IlgpuDca.Loader;

/// <summary>The checked pieces of a SentencePiece model, arranged for encoding and decoding.</summary>
sealed class SentencePieceVocabulary
{
    /// <summary>Stands for a space inside pieces: U+2581.</summary>
    public const char Space = '\u2581';

    static readonly byte[] s_unknownSurface = Encoding.UTF8.GetBytes(" \u2047 ");

    readonly SentencePieceData _data;
    readonly int[] _byteIds = new int[256];
    readonly Dictionary<string, int> _normal = new(StringComparer.Ordinal);
    readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    readonly int _longest;

    public SentencePieceVocabulary(SentencePieceData data)
    {
        _data = data;
        Tokens = new Token[data.Pieces.Count];
        Array.Fill(_byteIds, -1);
        var names = new HashSet<string>(StringComparer.Ordinal);
        CutsBeforeSpace = true;
        UnkId = -1;
        for (int id = 0; id < Tokens.Length; id++)
        {
            SentencePiece piece = data.Pieces[id];
            if (piece.Text.Length == 0 && piece.Kind != TokenKind.Unused)
                throw data.Fault($"has the empty piece {id}, expected text");
            if (piece.Text.Length > 0 && !names.Add(piece.Text))
                throw data.Fault($"has {ModelFormatException.Quote(piece.Text)} twice, once is legal");
            Add(id, piece);
            _longest = Math.Max(_longest, piece.Text.Length);
        }
        _lookup = _normal.GetAlternateLookup<ReadOnlySpan<char>>();
        if (UnkId < 0)
            throw data.Fault("has no piece for the unknown, expected one");
        int lacking = Array.IndexOf(_byteIds, -1);
        if (lacking >= 0)
            throw data.Fault($"has no piece '<0x{lacking:X2}>', expected one for each byte");
        BosId = Control("bos_id", data.BosId);
        EosId = Control("eos_id", data.EosId);
    }

    /// <summary>All pieces by id.</summary>
    public Token[] Tokens { get; }

    public int UnkId { get; private set; }

    public int? BosId { get; }

    public int? EosId { get; }

    /// <summary>Control pieces, found where they are parsed, and those that the model's maker defined.</summary>
    public List<AddedToken> Added { get; } = [];

    /// <summary>
    /// Whether no piece has a space after another character: then nothing merges across the start of a word,
    /// and each word can be encoded alone with the same result.
    /// </summary>
    public bool CutsBeforeSpace { get; private set; }

    public float Score(int id) => _data.Pieces[id].Score;

    public int IdOfByte(byte value) => _byteIds[value];

    /// <summary>The normal piece with this text, or -1.</summary>
    public int Find(ReadOnlySpan<char> text) =>
        text.Length <= _longest && _lookup.TryGetValue(text, out int id) ? id : -1;

    void Add(int id, SentencePiece piece)
    {
        string surface = piece.Text.Replace(Space, ' ');
        byte[] bytes = Encoding.UTF8.GetBytes(surface);
        switch (piece.Kind)
        {
            case TokenKind.Normal:
                _normal.Add(piece.Text, id);
                for (int i = 1; i < piece.Text.Length; i++)
                    CutsBeforeSpace &= piece.Text[i] != Space || piece.Text[i - 1] == Space;
                break;
            case TokenKind.Unknown when UnkId < 0:
                UnkId = id;
                bytes = s_unknownSurface;
                break;
            case TokenKind.Control:
                Added.Add(new AddedToken(id, piece.Text, IsControl: true));
                bytes = [];
                break;
            case TokenKind.UserDefined:
                Added.Add(new AddedToken(id, surface, IsControl: false));
                break;
            case TokenKind.Unused:
                break;
            case TokenKind.Byte:
                byte value = ParseByte(piece.Text);
                _byteIds[value] = id;
                bytes = [value];
                break;
            case TokenKind.Unknown:
                throw _data.Fault($"has a second piece for the unknown, {ModelFormatException.Quote(piece.Text)}");
            default:
                throw _data.Fault($"has {ModelFormatException.Quote(piece.Text)} of the kind {(int)piece.Kind}, "
                    + "expected 1 to 6");
        }
        Tokens[id] = new Token(piece.Text, piece.Kind, bytes);
    }

    byte ParseByte(string text) => SentencePieceData.ByteOf(text) is { } value ? value
        : throw _data.Fault($"has the byte piece {ModelFormatException.Quote(text)}, expected the form '<0xNN>'");

    int? Control(string key, int id) => id == -1 ? null
        : id >= 0 && id < Tokens.Length && Tokens[id].Kind == TokenKind.Control ? id
        : throw _data.Fault($"has {key} {id}, expected -1 or the id of a control piece below {Tokens.Length}");
}
