namespace IlgpuDca.Evaluation;

/// <summary>A numbered list of words in random order, of which a few stand there far more often than all others: which ones?</summary>
sealed class CommonWordsTask : SyntheticTask
{
    const int CommonWords = 10;

    /// <summary>How often a common word stands in the list, and any other.</summary>
    const int CommonTimes = 30, OtherTimes = 3;

    public override string Name => "cwe";

    public override string Description => $"the {CommonWords} words that are {CommonTimes} times in a list, where others are {OtherTimes} times";

    /// <summary>As many other words as wrong answers need.</summary>
    protected override int LeastUnits => CommonWords;

    protected override SyntheticDraft Draft(SplitMix64 random, int units)
    {
        string[] words = random.Distinct(CommonWords + units, one => CodedWords.Draw(one));
        string[] common = words[..CommonWords], others = words[CommonWords..];
        List<string> list = [.. common.SelectMany(word => Enumerable.Repeat(word, CommonTimes)),
            .. others.SelectMany(word => Enumerable.Repeat(word, OtherTimes))];
        random.Shuffle(list);
        return new SyntheticDraft(
            "Some words of the following numbered list are there far more often than the others. Memorize those.\n"
            + string.Join(' ', list.Select((word, i) => $"{i + 1}. {word}"))
            + $"\nWhat are the {CommonWords} most common words of the list?",
            $" The {CommonWords} most common words are", common, [.. others.Chunk(CommonWords).Where(chunk => chunk.Length == CommonWords).Take(WrongAnswers)]);
    }
}
