using System.Text;

namespace IlgpuDca.Evaluation;

/// <summary>
/// Answers made comparable as SQuAD and SCROLLS do: lower case, no ASCII punctuation, no articles, one space between
/// words.
/// </summary>
static class AnswerText
{
    /// <summary>The words that are compared.</summary>
    public static string[] Words(string text)
    {
        StringBuilder kept = new(text.Length);
        foreach (char character in text.ToLowerInvariant())
            if (!(char.IsAscii(character) && (char.IsPunctuation(character) || char.IsSymbol(character))))
                kept.Append(character);
        return [.. kept.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word is not ("a" or "an" or "the"))];
    }

    /// <summary>The words with one space between.</summary>
    public static string Normalize(string text) => string.Join(' ', Words(text));
}
