using System.Globalization;

namespace IlgpuDca.Loader;

/// <summary>The class of each character.</summary>
static class CharacterClasses
{
    static readonly CharacterClass[] s_plane0 = [.. Enumerable.Range(0, 0x10000).Select(Classify)];

    /// <summary>The class of the character at a place, and how many UTF-16 units it has.</summary>
    public static CharacterClass At(string text, int index, out int length)
    {
        char c = text[index];
        length = 1;
        if (!char.IsHighSurrogate(c) || index + 1 == text.Length)
            return s_plane0[c];
        length = 2;
        return Classify(char.ConvertToUtf32(c, text[index + 1]));
    }

    static CharacterClass Classify(int rune) => CharUnicodeInfo.GetUnicodeCategory(rune) switch
    {
        _ when rune is '\n' or '\r' => CharacterClass.LineEnd,
        _ when rune <= 0xFFFF && char.IsWhiteSpace((char)rune) => CharacterClass.Space,
        <= UnicodeCategory.OtherLetter => CharacterClass.Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
            => CharacterClass.Number,
        _ => CharacterClass.Other,
    };
}
