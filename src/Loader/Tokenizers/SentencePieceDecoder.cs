using System.Buffers;
using System.Text;

namespace IlgpuDca.Loader;

/// <summary>Decodes ids one by one: byte pieces gather until they make a character.</summary>
sealed class SentencePieceDecoder(SentencePieceVocabulary vocabulary, bool dropsLeadingSpace) : StreamingDecoder
{
    const string UnknownSurface = " \u2047 ";

    readonly StringBuilder _text = new();
    readonly byte[] _pending = new byte[4];
    int _pendingBytes;
    bool _dropsSpace = dropsLeadingSpace;

    public override string Append(int id)
    {
        if (id < 0 || id >= vocabulary.Count)
            throw new ArgumentOutOfRangeException(nameof(id), $"Token {id} is not from 0 to {vocabulary.Count - 1}.");
        switch (vocabulary.Kind(id))
        {
            case SentencePieceKind.Byte:
                _dropsSpace = false;
                _pending[_pendingBytes++] = vocabulary.ByteOf(id);
                TakeCharacters();
                break;
            case SentencePieceKind.Control:
                ReplacePending();
                break;
            case SentencePieceKind.Unknown:
                ReplacePending();
                _dropsSpace = false;
                _text.Append(UnknownSurface);
                break;
            default:
                ReplacePending();
                string surface = vocabulary.Surface(id);
                _text.Append(surface.AsSpan(_dropsSpace && surface[0] == ' ' ? 1 : 0));
                _dropsSpace = false;
                break;
        }
        return Take();
    }

    public override string Flush()
    {
        ReplacePending();
        return Take();
    }

    string Take()
    {
        string text = _text.ToString();
        _text.Clear();
        return text;
    }

    /// <summary>Moves whole characters out of the pending bytes; a byte that can begin none becomes U+FFFD.</summary>
    void TakeCharacters()
    {
        while (_pendingBytes > 0)
        {
            Span<byte> pending = _pending.AsSpan(0, _pendingBytes);
            OperationStatus status = Rune.DecodeFromUtf8(pending, out Rune rune, out int used);
            if (status == OperationStatus.NeedMoreData)
                return;
            if (status == OperationStatus.Done)
                _text.Append(rune.ToString());
            else
                _text.Append('\uFFFD', used);
            pending[used..].CopyTo(pending);
            _pendingBytes -= used;
        }
    }

    void ReplacePending()
    {
        _text.Append('\uFFFD', _pendingBytes);
        _pendingBytes = 0;
    }
}
