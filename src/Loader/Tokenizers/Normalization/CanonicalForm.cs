using System.Text;

namespace IlgpuDca.Loader;

/// <summary>
/// Unicode's canonical normalization, from a table of its own, as the program runs without the system's language data.
/// </summary>
static class CanonicalForm
{
    const int SBase = 0xAC00, LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7;
    const int LCount = 19, VCount = 21, TCount = 28, SCount = LCount * VCount * TCount;

    /// <summary>Below this, form C leaves every character as it is.</summary>
    const char FirstChanged = '\u0300';

    static readonly Lazy<CanonicalTable> s_table = new(CanonicalTable.Read);

    /// <summary>Form C (or D) of a text without half surrogate pairs.</summary>
    public static string Of(string text, bool composes)
    {
        char first = composes ? FirstChanged : '\u0080';
        if (text.AsSpan().IndexOfAnyInRange(first, '\uFFFF') < 0)
            return text;
        CanonicalTable table = s_table.Value;
        if (composes && IsPlainlyComposed(text, table))
            return text;
        List<int> runes = Decompose(text, table);
        Order(runes, table);
        if (composes)
            Compose(runes, table);
        var result = new StringBuilder(text.Length);
        foreach (int rune in runes)
            result.Append(new Rune(rune).ToString());
        return result.ToString();
    }

    /// <summary>
    /// True when no character combines with another or is written otherwise in form C; false says nothing.
    /// </summary>
    static bool IsPlainlyComposed(string text, CanonicalTable table)
    {
        for (int i = text.AsSpan().IndexOfAnyInRange(FirstChanged, '\uFFFF'); i < text.Length; i++)
        {
            if (text[i] < FirstChanged)
                continue;
            int rune = char.ConvertToUtf32(text, i);
            if (table.MayChange(rune))
                return false;
            if (rune > 0xFFFF)
                i++;
        }
        return true;
    }

    static List<int> Decompose(string text, CanonicalTable table)
    {
        var runes = new List<int>(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
            Decompose(rune.Value, runes, table);
        return runes;
    }

    static void Decompose(int rune, List<int> runes, CanonicalTable table)
    {
        int syllable = rune - SBase;
        if (syllable is >= 0 and < SCount)
        {
            runes.Add(LBase + syllable / (VCount * TCount));
            runes.Add(VBase + syllable % (VCount * TCount) / TCount);
            if (syllable % TCount != 0)
                runes.Add(TBase + syllable % TCount);
        }
        else if (table.Decomposition(rune) is (var head, var tail))
        {
            Decompose(head, runes, table);
            if (tail != 0)
                runes.Add(tail);
        }
        else
        {
            runes.Add(rune);
        }
    }

    /// <summary>Marks between two starters go by their class; equal ones stay in place.</summary>
    static void Order(List<int> runes, CanonicalTable table)
    {
        for (int start = 0; start < runes.Count;)
        {
            int end = start + 1;
            if (table.Class(runes[start]) != 0)
            {
                while (end < runes.Count && table.Class(runes[end]) != 0)
                    end++;
                int[] ordered = [.. runes[start..end].OrderBy(table.Class)];
                for (int i = 0; i < ordered.Length; i++)
                    runes[start + i] = ordered[i];
            }
            start = end;
        }
    }

    static void Compose(List<int> runes, CanonicalTable table)
    {
        int count = 0, starter = -1, lastClass = 0;
        foreach (int rune in runes.ToArray())
        {
            int ownClass = table.Class(rune);
            bool isFree = starter >= 0 && (starter == count - 1 || lastClass != 0 && lastClass < ownClass);
            if (isFree && Pair(runes[starter], rune, table) is { } composed)
            {
                runes[starter] = composed;
                continue;
            }
            if (ownClass == 0)
                starter = count;
            lastClass = ownClass;
            runes[count++] = rune;
        }
        runes.RemoveRange(count, runes.Count - count);
    }

    static int? Pair(int first, int second, CanonicalTable table)
    {
        if (first - LBase is >= 0 and < LCount && second - VBase is >= 0 and < VCount)
            return SBase + ((first - LBase) * VCount + second - VBase) * TCount;
        if (first - SBase is >= 0 and < SCount && (first - SBase) % TCount == 0 && second - TBase is > 0 and < TCount)
            return first + second - TBase;
        return table.Composition(first, second);
    }
}
