using System.Globalization;
using System.Text;

namespace IlgpuDca.Loader;

/// <summary>A stretch of text with one UTF-16 unit for each character.</summary>
readonly ref struct ShadowText
{
    /// <summary>A character of each Unicode category, in the order of <see cref="UnicodeCategory"/>.</summary>
    const string Samples =
        "A\u0101\u01C5\u02B0\u05D0\u0300\u0903\u0488\u0660\u2160\u00B2 "
        + "\u2028\u2029\u0001\u200B\uE000\uE000_-()\u00AB\u00BB!+$^\u00A9\u0378";

    /// <summary>Places of the characters that had two units, in the shadow; null where there is none.</summary>
    readonly List<int>? _pairs;
    readonly int _start;

    public ShadowText(string text, int start, int end)
    {
        _start = start;
        ReadOnlySpan<char> plain = text.AsSpan(start, end - start);
        Text = plain;
        if (!plain.ContainsAnyInRange('\uD800', '\uDFFF'))
            return;
        var shadow = new StringBuilder(plain.Length);
        _pairs = [];
        foreach (Rune rune in plain.EnumerateRunes())
        {
            if (!rune.IsBmp)
                _pairs.Add(shadow.Length);
            shadow.Append(rune.IsBmp ? (char)rune.Value : Samples[(int)Rune.GetUnicodeCategory(rune)]);
        }
        Text = shadow.ToString();
    }

    public ReadOnlySpan<char> Text { get; }

    /// <summary>The place in the text of a place in the shadow.</summary>
    public int Place(int index)
    {
        if (_pairs is null)
            return _start + index;
        int before = _pairs.BinarySearch(index);
        return _start + index + (before < 0 ? ~before : before);
    }
}
