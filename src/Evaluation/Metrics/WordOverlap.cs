namespace IlgpuDca.Evaluation;

/// <summary>What two lists have in common.</summary>
static class WordOverlap
{
    /// <summary>Members in both, each as often as in the list that has it less often.</summary>
    public static int Common<T>(IEnumerable<T> first, IEnumerable<T> second)
        where T : notnull
    {
        Dictionary<T, int> left = first.CountBy(member => member).ToDictionary();
        return second.CountBy(member => member).Sum(pair => Math.Min(pair.Value, left.GetValueOrDefault(pair.Key)));
    }

    /// <summary>Members of the longest list that is in both in its order, not necessarily without gaps.</summary>
    public static int LongestCommonSubsequence(string[] first, string[] second)
    {
        int[] row = new int[second.Length + 1];
        foreach (string word in first)
        {
            int diagonal = 0;
            for (int j = 1; j <= second.Length; j++)
            {
                int above = row[j];
                row[j] = word == second[j - 1] ? diagonal + 1 : Math.Max(above, row[j - 1]);
                diagonal = above;
            }
        }
        return row[^1];
    }

    /// <summary>The harmonic mean of precision and recall; 0 where nothing is common.</summary>
    public static double F1(int common, int predicted, int expected) =>
        common == 0 ? 0 : 2.0 * common / (predicted + expected);
}
