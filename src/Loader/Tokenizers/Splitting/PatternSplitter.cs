namespace IlgpuDca.Loader;

/// <summary>
/// The patterns of GPT-2, Llama-3 and Qwen2, scanned by hand: each character is looked at a few times, whatever the
/// text.
/// </summary>
/// <param name="isGpt2">GPT-2's alternatives; otherwise those that Llama-3 and Qwen2 share.</param>
/// <param name="mostDigits">Digits of a word; GPT-2 has no limit.</param>
sealed class PatternSplitter(bool isGpt2, int mostDigits) : TextSplitter
{
    /// <summary>GPT-2's pattern, which the ByteLevel pre-tokenizer has built in.</summary>
    public const string Gpt2Pattern =
        @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    const string Contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    const string Head = @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}";
    const string Tail = @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    public static PatternSplitter Gpt2 { get; } = new(isGpt2: true, int.MaxValue);

    public static PatternSplitter Llama3 { get; } = new(isGpt2: false, 3);

    public static PatternSplitter Qwen2 { get; } = new(isGpt2: false, 1);

    /// <summary>The scanner for a pattern, or null where there is none.</summary>
    public static PatternSplitter? For(string pattern) => pattern switch
    {
        Gpt2Pattern => Gpt2,
        Contractions + Head + "{1,3}" + Tail => Llama3,
        Contractions + Head + Tail => Qwen2,
        _ => null,
    };

    public override void Split(string text, int start, int end, List<int> ends)
    {
        while (start < end)
        {
            start = isGpt2 ? NextGpt2(text, start, end) : Next(text, start, end);
            ends.Add(start);
        }
    }

    int Next(string text, int start, int end)
    {
        if (Contraction(text, start, end) is var length and > 0)
            return start + length;
        CharacterClass first = CharacterClasses.At(text, start, out int units);
        int next = start + units;
        CharacterClass second = next < end ? CharacterClasses.At(text, next, out _) : CharacterClass.LineEnd;
        switch (first)
        {
            case CharacterClass.Letter:
            case CharacterClass.Other or CharacterClass.Space when second == CharacterClass.Letter:
                return Run(text, next, end, CharacterClass.Letter);
            case CharacterClass.Number:
                return Run(text, next, end, CharacterClass.Number, mostDigits - 1);
            case CharacterClass.Other:
            case CharacterClass.Space when text[start] == ' ' && second == CharacterClass.Other:
                int signs = Run(text, next, end, CharacterClass.Other);
                return Run(text, signs, end, CharacterClass.LineEnd);
            default:
                return WhiteSpace(text, start, end, stopsAtLineEnd: true);
        }
    }

    int NextGpt2(string text, int start, int end)
    {
        if (Contraction(text, start, end) is var length and > 0)
            return start + length;
        int at = text[start] == ' ' && start + 1 < end ? start + 1 : start;
        CharacterClass first = CharacterClasses.At(text, at, out int units);
        return first is CharacterClass.Space or CharacterClass.LineEnd
            ? WhiteSpace(text, start, end, stopsAtLineEnd: false)
            : Run(text, at + units, end, first);
    }

    /// <summary>Characters of a contraction such as 's or 'll; 0 where there is none.</summary>
    int Contraction(string text, int start, int end)
    {
        if (text[start] != '\'' || start + 1 == end)
            return 0;
        char first = Lower(text[start + 1]);
        if (first is 's' or 't' or 'm' or 'd')
            return 2;
        if (start + 2 == end)
            return 0;
        return (first, Lower(text[start + 2])) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    /// <summary>Case is passed over but by GPT-2; U+017F is another small s.</summary>
    char Lower(char c) => isGpt2 ? c : c == '\u017F' ? 's' : char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c;

    static int Run(string text, int at, int end, CharacterClass wanted, int most = int.MaxValue)
    {
        for (; most > 0 && at < end && CharacterClasses.At(text, at, out int units) == wanted; most--)
            at += units;
        return at;
    }

    /// <summary>
    /// Up to the last line end of the run where that counts; otherwise the run without its last character, which
    /// belongs to the word behind, or all of it where none follows.
    /// </summary>
    static int WhiteSpace(string text, int start, int end, bool stopsAtLineEnd)
    {
        int at = start, lastLineEnd = -1;
        for (; at < end; at++)
        {
            CharacterClass own = CharacterClasses.At(text, at, out _);
            if (own == CharacterClass.LineEnd)
                lastLineEnd = at;
            else if (own != CharacterClass.Space)
                break;
        }
        if (stopsAtLineEnd && lastLineEnd >= 0)
            return lastLineEnd + 1;
        return at == end || at == start + 1 ? at : at - 1;
    }
}
