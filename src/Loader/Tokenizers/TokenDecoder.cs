using System.Buffers;
using System.Text;

namespace IlgpuDca.Loader;

/// <summary>Decodes ids one by one: bytes gather until they make a character.</summary>
/// <param name="tokens">By id.</param>
/// <param name="dropsLeadingSpace">Whether a space that the first text begins with is not the text's own.</param>
/// <param name="replacesEachByte">
/// Whether each byte that belongs to no character becomes U+FFFD, or each run of them that could begin one.
/// </param>
sealed class TokenDecoder(Token[] tokens, bool dropsLeadingSpace, bool replacesEachByte) : StreamingDecoder
{
    readonly StringBuilder _text = new();
    readonly byte[] _pending = new byte[4];
    int _pendingBytes;
    bool _dropsSpace = dropsLeadingSpace;

    public override string Append(int id)
    {
        if (id < 0 || id >= tokens.Length)
            throw new ArgumentOutOfRangeException(nameof(id), $"Token {id} is not from 0 to {tokens.Length - 1}.");
        Token token = tokens[id];
        if (token.Kind == TokenKind.Control)
        {
            ReplacePending();
            return Take();
        }
        ReadOnlySpan<byte> bytes = token.Bytes;
        if (_dropsSpace && token.Kind != TokenKind.Byte && bytes is [(byte)' ', ..] && token.Kind != TokenKind.Unknown)
            bytes = bytes[1..];
        _dropsSpace &= token.Bytes.Length == 0;
        foreach (byte value in bytes)
            Add(value);
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

    /// <summary>Moves whole characters out of the pending bytes; what can begin none becomes U+FFFD.</summary>
    void Add(byte value)
    {
        if (_pendingBytes == 0 && value < 0x80)
        {
            _text.Append((char)value);
            return;
        }
        _pending[_pendingBytes++] = value;
        while (_pendingBytes > 0)
        {
            Span<byte> pending = _pending.AsSpan(0, _pendingBytes);
            OperationStatus status = Rune.DecodeFromUtf8(pending, out Rune rune, out int used);
            if (status == OperationStatus.NeedMoreData)
                return;
            if (status == OperationStatus.Done)
                _text.Append(rune.ToString());
            else
                Replace(used);
            pending[used..].CopyTo(pending);
            _pendingBytes -= used;
        }
    }

    void ReplacePending()
    {
        if (_pendingBytes > 0)
            Replace(_pendingBytes);
        _pendingBytes = 0;
    }

    void Replace(int bytes) => _text.Append('\uFFFD', replacesEachByte ? bytes : 1);
}
