namespace IlgpuDca.Model;

/// <summary>Guesses what a mistyped word was meant to be.</summary>
public static class Typo
{
    /// <summary>The known word that is fewest edits away, if those are at least one and at most a third of the word's length.</summary>
    public static string? Closest(string word, IEnumerable<string> known)
    {
        (string? Word, int Edits) best = known
            .Select(candidate => ((string?)candidate, Edits(word, candidate)))
            .Where(pair => pair.Item2 > 0)
            .OrderBy(pair => pair.Item2)
            .FirstOrDefault((null, int.MaxValue));
        return best.Word is not null && best.Edits <= word.Length / 3 ? best.Word : null;
    }

    /// <summary>Levenshtein's distance.</summary>
    static int Edits(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int substituted = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
