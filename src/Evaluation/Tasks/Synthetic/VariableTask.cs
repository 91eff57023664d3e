namespace IlgpuDca.Evaluation;

/// <summary>
/// Variable tracking: a variable gets a value, another that variable's, and so on, far apart in the text; all variables with the
/// value are asked for.
/// </summary>
/// <param name="sentences">The haystack's.</param>
sealed class VariableTask(IReadOnlyList<string> sentences) : SyntheticTask
{
    /// <summary>How often a value is passed on.</summary>
    const int Hops = 4;

    const int NameLetters = 5;

    readonly HiddenFacts _haystack = new(sentences);

    public override string Name => "vt";

    public override string Description => $"all variables with a value that was passed on {Hops} times";

    protected override SyntheticDraft Draft(SplitMix64 random, int units)
    {
        const int Variables = Hops + 1;
        string[] names = random.Distinct(Variables * (1 + WrongAnswers), VariableName);
        string value = Needle.Values(random, 1)[0];
        double[] places = [.. HiddenFacts.Places(random, Variables).Order()];
        string[] facts = [.. Enumerable.Range(0, Variables)
            .Select(i => i == 0 ? $"VAR {names[0]} = {value}." : $"VAR {names[i]} = VAR {names[i - 1]}.")];
        return new SyntheticDraft(
            "Remember the assignments of variables that are hidden inside the following text.\n"
            + $"{_haystack.Write(places, facts, units)} Which variables have the value {value}, directly or through other variables?",
            $" The {Variables} variables with the value {value} are", names[..Variables], [.. names[Variables..].Chunk(Variables)]);
    }

    static string VariableName(SplitMix64 random) =>
        string.Concat(Enumerable.Range(0, NameLetters).Select(_ => (char)('A' + random.Below(26))));
}
