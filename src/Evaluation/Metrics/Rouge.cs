namespace IlgpuDca.Evaluation;

/// <summary>
/// The geometric mean of the F-measures of ROUGE-1, ROUGE-2 and ROUGE-L, as SCROLLS has it: words are runs of a-z and
/// 0-9 in lower case, without stemming; each measure takes its best reference, is averaged over questions, and the mean
/// is taken last.
/// </summary>
public sealed class Rouge : IMetric
{
    public string Name => "rouge";

    /// <returns>ROUGE-1, ROUGE-2 and ROUGE-L.</returns>
    public double[] Parts(string prediction, IReadOnlyList<string> references)
    {
        string[] said = Words(prediction);
        double[] best = new double[3];
        foreach (string reference in references)
        {
            string[] expected = Words(reference);
            best[0] = Math.Max(best[0],
                WordOverlap.F1(WordOverlap.Common(said, expected), said.Length, expected.Length));
            best[1] = Math.Max(best[1],
                WordOverlap.F1(WordOverlap.Common(Pairs(said), Pairs(expected)), said.Length - 1, expected.Length - 1));
            best[2] = Math.Max(best[2],
                WordOverlap.F1(WordOverlap.LongestCommonSubsequence(said, expected), said.Length, expected.Length));
        }
        return best;
    }

    public double Combine(ReadOnlySpan<double> parts) => Math.Cbrt(parts[0] * parts[1] * parts[2]);

    static string[] Words(string text)
    {
        char[] kept = [.. text.ToLowerInvariant().Select(character =>
            char.IsAsciiLetterOrDigit(character) ? character : ' ')];
        return new string(kept).Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    static IEnumerable<(string, string)> Pairs(string[] words) => words.Zip(words.Skip(1));
}
