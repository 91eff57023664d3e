using System.Text;

namespace IlgpuDca.Loader;

/// <summary>Half surrogate pairs, which no encoding can carry.</summary>
static class Surrogates
{
    /// <summary>The text with U+FFFD for each half; the same string where there is none.</summary>
    public static string Repair(string text)
    {
        int first = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF');
        if (first < 0)
            return text;
        StringBuilder? repaired = null;
        for (int i = first; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                i++;
            else
                (repaired ??= new StringBuilder(text))[i] = '\uFFFD';
        }
        return repaired?.ToString() ?? text;
    }
}
