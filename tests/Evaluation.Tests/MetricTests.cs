using Xunit;

namespace IlgpuDca.Evaluation.Tests;

/// <summary>Each metric on cases worked by hand.</summary>
public sealed class MetricTests
{
    /// <summary>Two roundings of a double: the cases' values are quotients of small numbers.</summary>
    const int Digits = 15;

    [Theory]
    // Normalised: "cat sat on mat" (4 words) and "cat on mat" (3): 3 common, P = 3/4, R = 1, F1 = 6/7.
    [InlineData("The cat sat on the mat.", "a cat on a mat", 6.0 / 7)]
    // Each word counts as often as in the side that has it less often: 1 common of 3 and 1, F1 = 2/4.
    [InlineData("no no no", "no", 0.5)]
    [InlineData("Paris!", "paris", 1)]
    [InlineData("the", "a", 0)]
    [InlineData("", "x", 0)]
    // Punctuation goes without leaving a space: "its" and "wellknown".
    [InlineData("it's well-known", "its wellknown", 1)]
    public void F1(string prediction, string reference, double expected) =>
        Assert.Equal(expected, new TokenF1().Score(prediction, [reference]), Digits);

    [Fact]
    public void F1TakesTheBestReference() =>
        Assert.Equal(1, new TokenF1().Score("green tea", ["black coffee", "green", "Green tea"]), Digits);

    [Theory]
    [InlineData("The  Old Man.", "old man", 1)]
    [InlineData("old men", "old man", 0)]
    [InlineData("$5", "5", 1)]
    [InlineData("été", "ete", 0)]
    public void ExactMatches(string prediction, string reference, double expected) =>
        Assert.Equal(expected, new ExactMatch().Score(prediction, ["something else", reference]));

    [Fact]
    public void RougeByHand()
    {
        // police kill the gunman / police killed the gunman: 3 of 4 words common, of the pairs (police kill, kill the, the gunman)
        // only the last, and the longest common subsequence is police the gunman.
        double[] parts = new Rouge().Parts("Police kill the gunman!", ["police killed the gunman"]);
        Assert.Equal([0.75, 1.0 / 3, 0.75], parts);
        Assert.Equal(Math.Pow(0.75 * 0.75 / 3, 1.0 / 3), new Rouge().Combine(parts), Digits);
    }

    [Fact]
    public void RougeKnowsOrder()
    {
        // the gunman kill police: all words common, pairs: the gunman only; subsequence of two.
        double[] parts = new Rouge().Parts("the gunman kill police", ["police kill the gunman"]);
        Assert.Equal([1, 1.0 / 3, 0.5], parts);
    }

    [Fact]
    public void RougeTakesEachMeasuresBestReferenceAndAveragesBeforeTheMean()
    {
        Rouge rouge = new();
        double[] first = rouge.Parts("a b c", ["a b x", "c b a"]);
        Assert.Equal([1, 0.5, 2.0 / 3], first);
        double[] second = rouge.Parts("z", ["y"]);
        Assert.Equal([0, 0, 0], second);
        Assert.Equal(Math.Cbrt(0.5 * 0.25 / 3), rouge.Total([first, second]), Digits);
    }

    [Fact]
    public void RougeOfOneWordHasNoPairs() => Assert.Equal(0, new Rouge().Score("yes", ["yes"]));

    [Theory]
    [InlineData("B", "B", 1)]
    [InlineData(" (B) the sea", "B", 1)]
    [InlineData("The answer is B.", "B", 1)]
    [InlineData("b", "B", 0)]
    [InlineData("CA", "AC", 1)]
    [InlineData("A, C and D", "ACD", 1)]
    [InlineData("A and C", "AC", 1)]
    [InlineData("A", "AC", 0.25)]
    [InlineData("A. C.", "ACD", 0.25)]
    [InlineData("AB", "AC", 0)]
    [InlineData("ABC", "AC", 0)]
    [InlineData("A dog barked, so B", "B", 1)]
    [InlineData("A dog barked", "A", 0)]
    [InlineData("none of them", "A", 0)]
    [InlineData("", "A", 0)]
    public void Letters(string prediction, string reference, double expected) =>
        Assert.Equal(expected, new LetterMatch().Score(prediction, [reference]));

    [Fact]
    public void MetricsAreFoundByName()
    {
        Assert.Equal(["f1", "em", "rouge", "letters"], Metrics.Names);
        Assert.IsType<Rouge>(Metrics.Find("rouge"));
        Assert.Null(Metrics.Find("bleu"));
    }
}
