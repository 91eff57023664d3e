using System.Text.RegularExpressions;
using IlgpuDca.Model;
using IlgpuDca.Model.Attention;
using IlgpuDca.Model.Tests;
using Xunit;

namespace IlgpuDca.Evaluation.Tests;

/// <summary>Synthetic prompts are as long as asked for, the same from a seed, and what they call the answer is the answer.</summary>
public sealed partial class SyntheticTaskTests(TinyModel tiny) : IClassFixture<TinyModel>
{
    readonly PromptEncoder _encoder = new(tiny.Tokenizer);

    public static TheoryData<string, int, int> Lengths => new()
    {
        { "niah_single", 400, 12 },
        { "niah_multikey", 700, 12 },
        { "niah_multivalue", 400, 12 },
        { "niah_multiquery", 401, 12 },
        { "niah_keyvalue", 900, 160 },
        { "vt", 500, 12 },
        { "cwe", 3300, 45 },
        { "fwe", 400, 12 },
    };

    /// <summary>No other unit would have fit: what is left is less than the longest unit of these prompts takes.</summary>
    [Theory]
    [MemberData(nameof(Lengths))]
    public void APromptFillsItsLength(string name, int length, int longestUnit)
    {
        SyntheticTask task = Find(name);
        for (int i = 0; i < 3; i++)
        {
            SyntheticSample sample = task.Draw(_encoder, length, seed: 9, i);
            Assert.InRange(sample.Length, length - longestUnit, length);
            Assert.Equal(sample.Prompt, task.Draw(_encoder, length, 9, i).Prompt);
            Assert.NotEqual(sample.Prompt, task.Draw(_encoder, length, 10, i).Prompt);
            Assert.All(sample.References, reference => Assert.Equal(1, SyntheticRun.Found(Text(sample.Answer), [reference])));
            Assert.NotEmpty(sample.Wrong);
            Assert.All(sample.Wrong, wrong => Assert.Equal(0, SyntheticRun.Found(Text(wrong), sample.References)));
        }
    }

    [Theory]
    [InlineData("niah_single", 1, 1)]
    [InlineData("niah_multikey", 4, 1)]
    [InlineData("niah_multivalue", 4, 4)]
    [InlineData("niah_multiquery", 4, 4)]
    public void NeedlesOfWhatIsAskedForHaveTheReferences(string name, int facts, int references)
    {
        SyntheticSample sample = Find(name).Draw(_encoder, 500, 1, 0);
        string[] parts = Text(sample.Prompt).Split(" What ");
        string question = parts[^1];
        Match[] found = Fact().Matches(parts[0]).ToArray();
        Assert.Equal(facts, found.Length);
        Assert.Equal(references, sample.References.Count);
        Assert.Equal(sample.References.Order(), found.Where(fact => Regex.IsMatch(question, $@"\b{fact.Groups[1].Value}\b"))
            .Select(fact => fact.Groups[2].Value).Order());
    }

    [Fact]
    public void TheKeyAskedForHasTheReference()
    {
        SyntheticSample sample = Find("niah_keyvalue").Draw(_encoder, 1200, 1, 0);
        string text = Text(sample.Prompt);
        Match[] pairs = Pair().Matches(text).ToArray();
        string asked = text.Split("What is the value of ")[1].Split('?')[0];
        Assert.True(pairs.Length > 3);
        Assert.Equal(sample.References, pairs.Where(pair => pair.Groups[1].Value == asked).Select(pair => pair.Groups[2].Value));
    }

    [Fact]
    public void VariablesWithTheValueAreTheReferences()
    {
        SyntheticSample sample = Find("vt").Draw(_encoder, 600, 1, 0);
        string text = Text(sample.Prompt);
        Dictionary<string, string> values = [];
        foreach (Match assignment in Assignment().Matches(text))
            values[assignment.Groups[1].Value] = assignment.Groups[3].Success ? values[assignment.Groups[3].Value] : assignment.Groups[2].Value;
        string asked = Regex.Match(text, @"have the value (\d+)").Groups[1].Value;
        Assert.Equal(5, sample.References.Count);
        Assert.Equal(sample.References.Order(), values.Where(pair => pair.Value == asked).Select(pair => pair.Key).Order());
    }

    [Fact]
    public void CommonWordsAreThirtyTimesInTheList()
    {
        SyntheticSample sample = Find("cwe").Draw(_encoder, 3400, 1, 0);
        Dictionary<string, int> times = Numbered().Matches(Text(sample.Prompt)).CountBy(match => match.Groups[1].Value).ToDictionary();
        Assert.Equal(10, sample.References.Count);
        Assert.All(times, pair => Assert.Equal(sample.References.Contains(pair.Key) ? 30 : 3, pair.Value));
        Assert.True(times.Count > 20);
    }

    [Theory]
    [InlineData(250)]
    [InlineData(1000)]
    public void FrequentWordsStandMoreOftenThanAllOthers(int length)
    {
        SyntheticSample sample = Find("fwe").Draw(_encoder, length, 1, 0);
        string coded = Text(sample.Prompt).Split('\n')[1];
        KeyValuePair<string, int>[] times = [.. coded.Split(' ', StringSplitOptions.RemoveEmptyEntries).CountBy(word => word)
            .OrderByDescending(pair => pair.Value)];
        Assert.Equal(sample.References, times.Take(3).Select(pair => pair.Key));
        Assert.True(times[2].Value > times[3].Value);
    }

    [Theory]
    [InlineData("the 482 and 17", 1)]
    [InlineData("4820 17", 0.5)]
    [InlineData("a482, 17a", 0)]
    [InlineData("4820 482 (17)", 1)]
    public void ReferencesAreFoundAsWholeWords(string text, double part) =>
        Assert.Equal(part, SyntheticRun.Found(text, ["482", "17"]));

    [Fact]
    public void CaseDoesNotMatter() => Assert.Equal(1, SyntheticRun.Found("Falevo", ["falevo"]));

    [Theory]
    [MemberData(nameof(Lengths))]
    public void TooShortALengthSaysWhatIsNeeded(string name, int length, int longestUnit)
    {
        UsageException refused = Assert.Throws<UsageException>(() => Find(name).Draw(_encoder, 40, 0, 0));
        int least = int.Parse(Regex.Match(refused.Message, @"give --length (\d+)").Groups[1].Value);
        Assert.InRange(least, longestUnit, length);
        Assert.Equal(least, Find(name).Draw(_encoder, least, 0, 0).Length);
    }

    [Theory]
    [InlineData(Scoring.Generation)]
    [InlineData(Scoring.Likelihood)]
    public void AModelDoesATask(Scoring scoring)
    {
        SyntheticSetting setting = new() { Samples = 2, Seed = 4, Scoring = scoring, Predict = 8 };
        SyntheticResult result = SyntheticRun.Measure(tiny.Engine, tiny.Plan(AttentionMode.Dense, 300), _encoder, Find("niah_single"),
            setting, 300, null, TestContext.Current.CancellationToken);
        Assert.Equal(2, result.Samples.Count);
        Assert.Equal(result.Samples.Average(sample => sample.Score), result.Score);
        if (scoring == Scoring.Generation)
            Assert.All(result.Samples, sample => Assert.Equal(SyntheticRun.Found(sample.Answer, sample.References), sample.Score));
        else
            Assert.Equal(1, result.Score);
    }

    [Fact]
    public void SentencesAreSplitAtTheirEnds() =>
        Assert.Equal(["A b.", "C 1.5 d!", "E?", "f"], HiddenFacts.Split("A b.\nC 1.5 d! E?  f"));

    static SyntheticTask Find(string name) => SyntheticTasks.All().Single(task => task.Name == name);

    string Text(int[] ids) => tiny.Tokenizer.Decode(ids);

    [GeneratedRegex(@"The ([a-z ]+) number is (\d+)\.")]
    private static partial Regex Fact();

    [GeneratedRegex(@"The value of ([0-9a-f-]{36}) is ([0-9a-f-]{36})\.")]
    private static partial Regex Pair();

    [GeneratedRegex(@"VAR ([A-Z]+) = (?:(\d+)|VAR ([A-Z]+))\.")]
    private static partial Regex Assignment();

    [GeneratedRegex(@"\d+\. ([a-z]+)")]
    private static partial Regex Numbered();
}
