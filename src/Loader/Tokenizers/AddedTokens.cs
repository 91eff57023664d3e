using System.Buffers;

namespace IlgpuDca.Loader;

/// <summary>Finds added tokens in a text: the leftmost, and of those that begin there the longest.</summary>
sealed class AddedTokens
{
    readonly Dictionary<string, AddedToken> _tokens = new(StringComparer.Ordinal);
    readonly Dictionary<string, AddedToken>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    readonly SearchValues<string> _all, _plain;
    readonly int[] _lengths;

    /// <param name="tokens">No text twice; none empty.</param>
    public AddedTokens(IEnumerable<AddedToken> tokens)
    {
        foreach (AddedToken token in tokens)
            _tokens.Add(token.Text, token);
        _lookup = _tokens.GetAlternateLookup<ReadOnlySpan<char>>();
        _all = SearchValues.Create([.. _tokens.Keys], StringComparison.Ordinal);
        _plain = SearchValues.Create([.. _tokens.Values.Where(token => !token.IsControl).Select(token => token.Text)],
            StringComparison.Ordinal);
        _lengths = [.. _tokens.Keys.Select(text => text.Length).Distinct().OrderDescending()];
    }

    /// <summary>The id of a spelling, or null.</summary>
    public int? Find(string text) => _tokens.TryGetValue(text, out AddedToken? token) ? token.Id : null;

    /// <summary>The next token at or behind <paramref name="start"/>; null where there is none.</summary>
    public AddedTokenMatch? Next(string text, int start, bool parsesControl)
    {
        SearchValues<string> spellings = parsesControl ? _all : _plain;
        for (int at = start; at < text.Length; at++)
        {
            int found = text.AsSpan(at).IndexOfAny(spellings);
            if (found < 0)
                return null;
            at += found;
            if (Longest(text, at, parsesControl) is { } token)
                return Extend(text, start, at, token);
        }
        return null;
    }

    AddedToken? Longest(string text, int at, bool parsesControl)
    {
        foreach (int length in _lengths)
        {
            if (length <= text.Length - at && _lookup.TryGetValue(text.AsSpan(at, length), out AddedToken? token)
                && (parsesControl || !token.IsControl) && !(token.IsWholeWord && IsInsideWord(text, at, length)))
                return token;
        }
        return null;
    }

    static bool IsInsideWord(string text, int at, int length) =>
        at > 0 && IsWord(text[at - 1]) || at + length < text.Length && IsWord(text[at + length]);

    static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    static AddedTokenMatch Extend(string text, int least, int at, AddedToken token)
    {
        int end = at + token.Text.Length;
        while (token.StripsLeft && at > least && char.IsWhiteSpace(text[at - 1]))
            at--;
        while (token.StripsRight && end < text.Length && char.IsWhiteSpace(text[end]))
            end++;
        return new AddedTokenMatch(token.Id, at, end);
    }
}
