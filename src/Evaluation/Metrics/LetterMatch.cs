using System.Text.RegularExpressions;

namespace IlgpuDca.Evaluation;

/// <summary>
/// L-Eval's exact match of options: the set of letters A to D that was chosen against the right set. The same set is 1,
/// a part of the right set without a wrong letter 0.25, all else 0.
/// </summary>
/// <remarks>
/// The chosen letters are the first run of words that consist of options only: "B", "AC", "A, C and D", "(B) the sea".
/// A single A before a word in lower case is the article, as in "A dog", and chooses nothing.
/// </remarks>
public sealed partial class LetterMatch : IMetric
{
    /// <summary>What a part of the right options is worth.</summary>
    public const double PartialCredit = 0.25;

    public string Name => "letters";

    public double[] Parts(string prediction, IReadOnlyList<string> references)
    {
        HashSet<char> chosen = Chosen(prediction);
        return [references.Max(reference => Score(chosen, Chosen(reference)))];
    }

    public double Combine(ReadOnlySpan<double> parts) => parts[0];

    /// <summary>The options that an answer chooses; empty where it chooses none.</summary>
    public static HashSet<char> Chosen(string answer) =>
        [.. Options().Match(answer).Value.Where(character => character is >= 'A' and <= 'D')];

    static double Score(HashSet<char> chosen, HashSet<char> right) =>
        chosen.Count == 0 || !chosen.IsSubsetOf(right) ? 0 : chosen.Count == right.Count ? 1 : PartialCredit;

    [GeneratedRegex(@"\b(?!A [a-z](?!nd\b|r\b))[A-D]{1,4}\b(?:(?:[\s,;.&()/]|\band\b|\bor\b)+(?!A [a-z])[A-D]{1,4}\b)*",
        RegexOptions.CultureInvariant)]
    private static partial Regex Options();
}
