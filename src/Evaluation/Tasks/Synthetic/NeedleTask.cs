namespace IlgpuDca.Evaluation;

/// <summary>
/// Needles in a haystack: facts "The NAME number is 123." between sentences, of which some are asked for. One key and one value is
/// the plain test; more keys than are asked for distract; more values of a key, or more keys asked for, must all be found.
/// </summary>
/// <param name="sentences">The haystack's.</param>
/// <param name="name">The task's name.</param>
/// <param name="description">What it asks for.</param>
/// <param name="keys">Names in the text.</param>
/// <param name="asked">Names that are asked for.</param>
/// <param name="values">Values of each name that is asked for; other names have one.</param>
sealed class NeedleTask(IReadOnlyList<string> sentences, string name, string description, int keys, int asked, int values)
    : SyntheticTask
{
    readonly HiddenFacts _haystack = new(sentences);

    public override string Name => name;

    public override string Description => description;

    protected override SyntheticDraft Draft(SplitMix64 random, int units)
    {
        string[] names = random.Distinct<string>(keys, Nouns.One);
        int references = asked * values;
        string[] drawn = Needle.Values(random, references * (1 + WrongAnswers) + keys - asked);
        string[] facts =
        [
            .. Enumerable.Range(0, references).Select(i => Fact(names[i / values], drawn[i])),
            .. names.Skip(asked).Select((other, i) => Fact(other, drawn[references + i])),
        ];
        string text = _haystack.Write(HiddenFacts.Places(random, facts.Length), facts, units);
        string list = List(names[..asked]), numbers = references == 1 ? "number is" : "numbers are";
        string question = references == 1 ? $"What is the {list} number?" : $"What are all the {list} numbers?";
        return new SyntheticDraft(
            $"Some numbers are hidden inside the following text. They will be asked for afterwards.\n{text} {question}",
            $" The {list} {numbers}",
            drawn[..references],
            [.. drawn[(references + keys - asked)..].Chunk(references)]);
    }

    static string Fact(string name, string value) => $"The {name} number is {value}.";

    static string List(string[] names) =>
        names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} and {names[^1]}";
}
