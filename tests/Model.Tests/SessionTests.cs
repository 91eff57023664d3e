using IlgpuDca.Kernels.Sampling;
using IlgpuDca.Model.Attention;
using IlgpuDca.Model.Generation;
using Xunit;

namespace IlgpuDca.Model.Tests;

/// <summary>A text's values do not depend on where it was cut, nor on the run.</summary>
public sealed class SessionTests(TinyModel tiny) : IClassFixture<TinyModel>
{
    /// <summary>Logits of the float32 mode: the sums of a few hundred terms in another order, through eight layers.</summary>
    const double LogitLimit = 2e-3;

    /// <summary>Past the second chunk, so that all three rotations are in use.</summary>
    const int Tokens = 250;

    /// <summary>Short, and no multiple of a tile or of a page, so that small texts cross every border.</summary>
    const int Chunk = 90, LargestPosition = 119;

    [Theory]
    [InlineData(AttentionMode.Dense, new[] { 1, 249 })]
    [InlineData(AttentionMode.Dense, new[] { 127, 2, 121 })]
    [InlineData(AttentionMode.Dca, new[] { 89, 1, 1, 89, 70 })]
    [InlineData(AttentionMode.Dca, new[] { 33, 57, 91, 69 })]
    [InlineData(AttentionMode.Dca, new[] { 179, 1, 1, 69 })]
    public void PrefillCutAnywhereGivesTheSameLogits(AttentionMode mode, int[] cuts)
    {
        int[] ids = Ids(Tokens);
        Limit.Check(Logits(mode, ids, [Tokens]), Logits(mode, ids, cuts), LogitLimit);
    }

    [Theory]
    [InlineData(AttentionMode.Dense)]
    [InlineData(AttentionMode.Dca)]
    public void DecodeAfterPrefillGivesTheSameLogitsAndIds(AttentionMode mode)
    {
        int[] ids = Ids(Tokens);
        int[] cuts = [Tokens - 20, .. Enumerable.Repeat(1, 20)];
        float[] oneShot = Logits(mode, ids, [Tokens]), decoded = Logits(mode, ids, cuts);
        Limit.Check(oneShot, decoded, LogitLimit);
        Assert.Equal(ArgMax(oneShot), ArgMax(decoded));
        Assert.Equal(Continue(mode, ids, [Tokens]), Continue(mode, ids, cuts));
    }

    [Fact]
    public void UpToAChunkDcaIsDense()
    {
        int[] ids = Ids(Chunk);
        Assert.Equal(Logits(AttentionMode.Dense, ids, [Chunk]), Logits(AttentionMode.Dca, ids, [Chunk]));
    }

    [Fact]
    public void UpToTheLargestPositionDcaAgreesWithDense()
    {
        const int Most = LargestPosition + 1;
        int[] ids = Ids(Most);
        Limit.Check(Logits(AttentionMode.Dense, ids, [Most]), Logits(AttentionMode.Dca, ids, [Most]), LogitLimit);
    }

    [Fact]
    public void PastTheLargestPositionDcaDiffersFromDense()
    {
        int[] ids = Ids(Tokens);
        Assert.True(LargestDifference(Logits(AttentionMode.Dense, ids, [Tokens]), Logits(AttentionMode.Dca, ids, [Tokens])) > 10 * LogitLimit);
    }

    [Fact]
    public void SameSeedSameText()
    {
        int[] prompt = tiny.Tokenizer.Encode("The old man looked at the sea and", addBos: true);
        SamplingOptions options = new() { Seed = 42, Temperature = 1.2f, RepeatPenalty = 1.1f };
        int[] first = Generate(prompt, options), again = Generate(prompt, options), other = Generate(prompt, options with { Seed = 43 });
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public void GreedyTextIsTheReferences()
    {
        int[] prompt = tiny.Tokenizer.Encode("The old man looked at the sea and", addBos: true);
        IlgpuDca.Loader.StreamingDecoder decoder = tiny.Tokenizer.StartDecoding(continuesText: true);
        string text = string.Concat(Generate(prompt, SamplingOptions.Greedy).Select(decoder.Append)) + decoder.Flush();
        Assert.StartsWith(" saw that it was a very beautiful island, and that it was a very beautiful island.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void TooManyTokensAreRefusedWithBothNumbers()
    {
        using TextSession session = tiny.Engine.Begin(tiny.Plan(AttentionMode.Dense, 4), 4);
        session.Append([1, 2, 3]);
        ContextExceededException exceeded = Assert.Throws<ContextExceededException>(() => session.Append([4, 5]));
        Assert.Contains("5", exceeded.Message, StringComparison.Ordinal);
        Assert.Contains("4", exceeded.Message, StringComparison.Ordinal);
        Assert.Equal(3, session.Length);
    }

    [Fact]
    public void IdsOutsideTheVocabularyAreRefused()
    {
        using TextSession session = tiny.Engine.Begin(tiny.Plan(AttentionMode.Dense, 4), 4);
        Assert.Throws<UsageException>(() => session.Append([4096]));
        Assert.Throws<UsageException>(() => session.Append([-1]));
    }

    /// <summary>What stood behind a place leaves no trace there.</summary>
    [Theory]
    [InlineData(AttentionMode.Dense)]
    [InlineData(AttentionMode.Dca)]
    public void TruncatedTextGoesOnAsIfNothingElseHadBeenThere(AttentionMode mode)
    {
        int[] ids = Ids(Tokens);
        using TextSession session = Begin(mode, [.. ids[..100], .. ids[..130]], [230], Tokens);
        foreach (int _ in TextGenerator.Generate(session, 5, SamplingOptions.Greedy, []))
        {
        }
        session.Truncate(100);
        Assert.Equal(100, session.Length);
        session.Append(ids.AsSpan(100));
        Limit.Check(Logits(mode, ids, [100, 150]), session.Logits(), LogitLimit);
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Truncate(Tokens + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Truncate(-1));
    }

    [Fact]
    public void CancellationStopsBetweenSlices()
    {
        using CancellationTokenSource source = new();
        using TextSession session = tiny.Engine.Begin(tiny.Plan(AttentionMode.Dense, 64), 64);
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => session.Append(Ids(64), null, source.Token));
        Assert.Equal(0, session.Length);
    }

    static double LargestDifference(float[] a, float[] b) => a.Zip(b, (x, y) => Math.Abs((double)x - y)).Max();

    static int ArgMax(float[] logits) => Array.IndexOf(logits, logits.Max());

    static int[] Ids(int count)
    {
        using Golden golden = new(Repository.Reference("tiny-golden.safetensors"));
        return golden.Ids("dca_2000.ids")[..count];
    }

    float[] Logits(AttentionMode mode, int[] ids, int[] cuts)
    {
        using TextSession session = Begin(mode, ids, cuts, ids.Length);
        return session.Logits();
    }

    int[] Continue(AttentionMode mode, int[] ids, int[] cuts)
    {
        using TextSession session = Begin(mode, ids, cuts, ids.Length + 12);
        return [.. TextGenerator.Generate(session, 12, SamplingOptions.Greedy, [])];
    }

    TextSession Begin(AttentionMode mode, int[] ids, int[] cuts, int capacity)
    {
        TextSession session = tiny.Engine.Begin(AttentionPlan.Decide(tiny.Engine.Config, new AttentionOptions
        {
            Mode = mode,
            ChunkLength = mode == AttentionMode.Dca ? Chunk : null,
            MaxPosition = mode == AttentionMode.Dca ? LargestPosition : null,
        }, capacity), capacity);
        int start = 0;
        foreach (int cut in cuts)
        {
            session.Append(ids.AsSpan(start, cut), null, TestContext.Current.CancellationToken);
            start += cut;
        }
        Assert.Equal(ids.Length, start);
        return session;
    }

    int[] Generate(int[] prompt, SamplingOptions options)
    {
        using TextSession session = tiny.Engine.Begin(tiny.Plan(AttentionMode.Auto, 64), 64);
        session.Append(prompt);
        return [.. TextGenerator.Generate(session, 24, options, [])];
    }
}
