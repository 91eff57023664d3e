namespace IlgpuDca.Evaluation;

/// <summary>
/// A text of coded words whose frequencies follow Zipf's law, word k standing there N · k^-2 / zeta(2) times: which three are the
/// most frequent?
/// </summary>
sealed class FrequentWordsTask : SyntheticTask
{
    const int Asked = 3;

    /// <summary>zeta(2).</summary>
    const double Zeta = Math.PI * Math.PI / 6;

    public override string Name => "fwe";

    public override string Description => $"the {Asked} most frequent words of a text whose words follow Zipf's law";

    /// <summary>From here on the third word is there more often than the fourth.</summary>
    protected override int LeastUnits => 30;

    protected override SyntheticDraft Draft(SplitMix64 random, int units)
    {
        int[] times = Times(units);
        string[] words = random.Distinct(times.Length, one => CodedWords.Draw(one));
        List<string> text = [.. words.SelectMany((word, rank) => Enumerable.Repeat(word, times[rank]))];
        random.Shuffle(text);
        return new SyntheticDraft(
            "Find the words that are most frequent in the following coded text.\n"
            + $"{string.Join(' ', text)}\nWhat are the {Asked} most frequent words of the coded text?",
            $" The {Asked} most frequent words are", words[..Asked], [.. words[Asked..].Chunk(Asked).Where(chunk => chunk.Length == Asked).Take(WrongAnswers)]);
    }

    /// <summary>How often the word of each rank stands there; the rest that rounding leaves is words that stand there once.</summary>
    static int[] Times(int words)
    {
        List<int> times = [];
        int left = words;
        for (int rank = 1; left > 0; rank++)
        {
            int count = Math.Clamp((int)(words / Zeta / ((double)rank * rank)), 1, left);
            times.Add(count);
            left -= count;
        }
        return [.. times];
    }
}
