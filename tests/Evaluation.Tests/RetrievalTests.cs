using IlgpuDca.Model;
using IlgpuDca.Model.Attention;
using IlgpuDca.Model.Tests;
using Xunit;

namespace IlgpuDca.Evaluation.Tests;

/// <summary>Passkey by characters, needles in haystacks, and how answers are scored.</summary>
public sealed class RetrievalTests(TinyModel tiny) : IClassFixture<TinyModel>
{
    const string Text = "The old man looked at the sea. It was green and still! Was he alone? There was no ship, and "
        + "no bird. He waited. ";

    static readonly Needle _needle = new("The garden number is 482.",
        "What is the garden number? The garden number is", "482", ["115", "739"]);

    [Fact]
    public void TheGeneratorDrawsItsPublishedNumbers()
    {
        SplitMix64 random = new(1234567);
        Assert.Equal(6457827717110365317UL, random.Next());
        Assert.Equal(3203168211198807973UL, random.Next());
        Assert.Equal(16294208416658607535UL, new SplitMix64(0).Next());
    }

    [Theory]
    [InlineData(1000, 3 * 1024)]
    [InlineData(4096, 15 * 1024)]
    [InlineData(5000, 18 * 1024)]
    public void ThePaperCountsCharacters(int length, int characters) =>
        Assert.Equal(characters, PaperPasskeyPrompt.FillerCharacters(length));

    [Fact]
    public void ThePapersPromptIsFiveParts()
    {
        PaperPasskeyPrompt prompts = new(tiny.Tokenizer);
        (int[] prompt, int[] answer) = prompts.Build("4711", 300, 0.25);
        string filler = string.Concat(Enumerable.Repeat(
            "The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again. ", 20));
        string expected = string.Join('\n',
            "There is an important info hidden inside a lot of irrelevant text. Find it and memorize them. "
            + "I will quiz you about the important information there.",
            filler[..256], "The pass key is 4711. Remember it. 4711 is the pass key.", filler[..768],
            "What is the pass key? The pass key is");
        Assert.Equal(tiny.Tokenizer.BosId, prompt[0]);
        Assert.Equal(expected, tiny.Tokenizer.Decode(prompt));
        Assert.Equal(expected + " 4711", tiny.Tokenizer.Decode([.. prompt, .. answer]));
        Assert.Throws<UsageException>(() => prompts.Build("4711", 273, 0.5));
    }

    [Fact]
    public void ThePapersTrialsAreDrawn()
    {
        PaperPasskeyPrompt prompts = new(tiny.Tokenizer);
        IReadOnlyList<PasskeyTrial> drawn = prompts.Trials(seed: 3, 4096, trials: 50, depths: null);
        Assert.Equal(drawn, prompts.Trials(3, 4096, 50, null));
        Assert.All(drawn, trial => Assert.InRange(int.Parse(trial.Key), 1, 50_000));
        Assert.All(drawn, trial => Assert.InRange(trial.Depth, 0, 1));
        Assert.True(drawn.Select(trial => trial.Depth).Distinct().Count() == 50);
        IReadOnlyList<PasskeyTrial> deep = prompts.Trials(3, 4096, trials: 2, depths: 4);
        Assert.Equal([0.25, 0.25, 0.5, 0.5, 0.75, 0.75, 1, 1], deep.Select(trial => trial.Depth));
        Assert.All(deep, trial => Assert.InRange(int.Parse(trial.Key), 50_000, 500_000));
    }

    [Fact]
    public void PasskeyTrialsOfADepthAreOneCell()
    {
        PasskeyPrompt prompts = new(tiny.Tokenizer);
        IReadOnlyList<RetrievalCell> cells = Passkey.Measure(tiny.Engine, tiny.Plan(AttentionMode.Dense, 200),
            prompts, 200,
            prompts.Trials(0, 200, trials: 2, depths: 1), null, TestContext.Current.CancellationToken);
        Assert.Equal([new RetrievalCell(200, 0.5, 2, 2, 200)], cells);
    }

    [Theory]
    [InlineData(80, 0)]
    [InlineData(97, 0.3)]
    [InlineData(300, 0.5)]
    [InlineData(301, 0.99)]
    [InlineData(301, 1)]
    public void AFactStandsBetweenSentencesOfATextOfExactLength(int length, double depth)
    {
        HaystackPrompts prompts = new(tiny.Tokenizer, Text);
        RetrievalPrompt prompt = prompts.Build([_needle], [], length, depth);
        RetrievalQuestion question = Assert.Single(prompt.Questions);
        Assert.Equal(length, prompt.Length);
        int[] fact = tiny.Tokenizer.Encode(_needle.Fact, addBos: false);
        int at = Places(prompt.Text, fact).Single();
        int[] rest = [.. prompt.Text[..at], .. prompt.Text[(at + fact.Length)..]];
        int[] text = tiny.Tokenizer.Encode(Text, addBos: false);
        Assert.Equal([1, .. Enumerable.Range(0, rest.Length - 1).Select(i => text[i % text.Length])], rest);
        Assert.InRange(at - 1, depth * (rest.Length - 1) - LongestSentence(text), depth * (rest.Length - 1));
        if (depth < 1 && at > 1)
            Assert.Contains(tiny.Tokenizer.PieceText(prompt.Text[at - 1])[^1], ".!?");
        Assert.Equal(" 482", tiny.Tokenizer.Decode([.. question.Ids, .. question.Answer])[^4..]);
    }

    [Fact]
    public void FactsStandInOrderAndAreAllThere()
    {
        HaystackPrompts prompts = new(tiny.Tokenizer, Text);
        Needle second = new("The silver number is 300.", "The silver number is", "300", []);
        int start = tiny.Tokenizer.Encode(Text[..(Text.IndexOf(" alone", StringComparison.Ordinal))],
            addBos: false).Length;
        RetrievalPrompt prompt = prompts.Build([_needle, second], ["The horse number is 111."], 260, 0.6, start);
        Assert.Equal(260, prompt.Length);
        string text = tiny.Tokenizer.Decode(prompt.Text);
        int[] places = [.. ((string[])["horse", "garden",
            "silver"]).Select(name => text.IndexOf($" The {name} number is ", StringComparison.Ordinal))];
        Assert.True(places[0] > 0 && places[0] < places[1] && places[1] < places[2]);
        Assert.StartsWith("Was he alone? There was", text, StringComparison.Ordinal);
        Assert.Equal([482, 300], prompt.Questions.Select(question =>
            int.Parse(tiny.Tokenizer.Decode(question.Answer))));
    }

    [Fact]
    public void ATextWithoutRoomIsRefused()
    {
        UsageException refused = Assert.Throws<UsageException>(() => new HaystackPrompts(tiny.Tokenizer)
            .Build([_needle], [], 20, 0.5));
        Assert.Contains("--length 20", refused.Message, StringComparison.Ordinal);
        Assert.Throws<UsageException>(() => new HaystackPrompts(tiny.Tokenizer, ""));
    }

    [Fact]
    public void DrawnFactsDifferAndRepeatFromTheirSeed()
    {
        IReadOnlyList<Needle> drawn = Needle.Draw(new SplitMix64(5), 200);
        Assert.Equal(200, drawn.Select(needle => needle.Fact.Split(" number")[0]).Distinct().Count());
        Assert.Equal(1000, drawn.SelectMany(needle => needle.Wrong.Append(needle.Answer)).Distinct().Count());
        Assert.Equal(drawn.Select(needle => needle.Fact), Needle.Draw(new SplitMix64(5),
            200).Select(needle => needle.Fact));
    }

    [Fact]
    public void AnAnswersLikelihoodIsThatOfItsTokensOneByOne()
    {
        int[] text = tiny.Tokenizer.Encode(Text, addBos: true), question = text[3..6], answer = text[7..10];
        AttentionPlan plan = tiny.Plan(AttentionMode.Dense, text.Length + 8);
        using TextSession session = tiny.Engine.Begin(plan, text.Length + 8);
        session.Append(text);
        double measured = Retrieval.NegativeLogLikelihood(session, question, answer,
            TestContext.Current.CancellationToken);
        Assert.Equal(text.Length, session.Length);
        double sum = 0;
        int[] before = question;
        foreach (int id in answer)
        {
            session.Append(before);
            float[] logits = session.Logits();
            double max = logits.Max();
            sum += max + Math.Log(logits.Sum(logit => Math.Exp(logit - max))) - logits[id];
            before = [id];
        }
        Assert.True(Math.Abs(sum - measured) <= answer.Length * Limit.Nll);
    }

    [Theory]
    [InlineData(Scoring.Generation)]
    [InlineData(Scoring.Likelihood)]
    public void EveryQuestionIsAskedAsIfItWereTheOnlyOne(Scoring scoring)
    {
        HaystackPrompts prompts = new(tiny.Tokenizer);
        RetrievalPrompt prompt = prompts.Build([_needle], [], 300, 0.5);
        RetrievalQuestion right = prompt.Questions[0], wrong = right with
        {
            Answer = right.Wrong[0],
            Wrong = [right.Answer]
        };
        bool[] found = Retrieval.Ask(tiny.Engine, tiny.Plan(AttentionMode.Dense, 300),
            prompt with { Questions = [wrong, right, wrong] }, scoring,
            null, TestContext.Current.CancellationToken);
        Assert.Equal([false, true, false], found);
    }

    [Fact]
    public void LikelihoodNeedsSomethingToCompareWith()
    {
        RetrievalPrompt prompt = new HaystackPrompts(tiny.Tokenizer).Build([_needle with { Wrong = [] }], [], 60, 0.5);
        Assert.Throws<UsageException>(() => Retrieval.Ask(tiny.Engine, tiny.Plan(AttentionMode.Dense, 60), prompt,
            Scoring.Likelihood));
    }

    static IEnumerable<int> Places(int[] ids, int[] wanted) =>
        Enumerable.Range(0, ids.Length - wanted.Length + 1).Where(at => ids.AsSpan(at,
            wanted.Length).SequenceEqual(wanted));

    int LongestSentence(int[] text)
    {
        int longest = 0, length = 0;
        foreach (int id in text)
        {
            length = tiny.Tokenizer.PieceText(id)[^1] is '.' or '!' or '?' ? 0 : length + 1;
            longest = Math.Max(longest, length);
        }
        return longest + 1;
    }
}
