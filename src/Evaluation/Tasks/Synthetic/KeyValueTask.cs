namespace IlgpuDca.Evaluation;

/// <summary>A text of nothing but pairs of identifiers; the value of one key is asked for.</summary>
sealed class KeyValueTask : SyntheticTask
{
    public override string Name => "niah_keyvalue";

    public override string Description => "one value of a text that is all keys and values, each of 32 hexadecimal digits";

    protected override int LeastUnits => 1;

    protected override SyntheticDraft Draft(SplitMix64 random, int units)
    {
        (string Key, string Value) asked = (Identifier(random), Identifier(random));
        string[] wrong = [.. Enumerable.Range(0, WrongAnswers).Select(_ => Identifier(random))];
        double place = random.Fraction();
        List<(string Key, string Value)> pairs = [.. Enumerable.Range(1, units - 1).Select(_ => (Identifier(random), Identifier(random)))];
        pairs.Insert((int)(place * units), asked);
        return new SyntheticDraft(
            "The following text has keys and their values. One of them will be asked for afterwards.\n"
            + string.Concat(pairs.Select(pair => $"The value of {pair.Key} is {pair.Value}.\n"))
            + $"What is the value of {asked.Key}?",
            $" The value of {asked.Key} is", [asked.Value], [.. wrong.Select(value => (string[])[value])]);
    }

    /// <summary>32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.</summary>
    static string Identifier(SplitMix64 random)
    {
        string digits = $"{random.Next():x16}{random.Next():x16}";
        return $"{digits[..8]}-{digits[8..12]}-{digits[12..16]}-{digits[16..20]}-{digits[20..]}";
    }
}
