using IlgpuDca.Kernels.Sampling;
using IlgpuDca.Model.Attention;
using IlgpuDca.Model.Generation;
using Xunit;

namespace IlgpuDca.Model.Tests;

/// <summary>Drawing tokens one step ahead, on state that the device holds.</summary>
public sealed class DecodingTests(TinyModel tiny) : IClassFixture<TinyModel>
{
    static readonly SamplingOptions s_random = new() { Seed = 5, Temperature = 1.1f, RepeatPenalty = 1.2f, RepeatLastN = 8, PresencePenalty = 0.1f };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void QueuedTokensAreThoseOfAppendingEach(bool greedy)
    {
        SamplingOptions options = greedy ? SamplingOptions.Greedy : s_random;
        int[] prompt = Prompt();
        using TextSession ahead = Begin(prompt), stepwise = Begin(prompt);
        int[] queued = [.. TextGenerator.Generate(ahead, 16, options, [], TestContext.Current.CancellationToken)];
        List<int> appended = [];
        for (int t = 0; t < 16; t++)
        {
            if (t > 0)
                stepwise.Append([appended[^1]], null, TestContext.Current.CancellationToken);
            appended.Add(stepwise.Sample(options));
        }
        Assert.Equal(appended, queued);
        Assert.Equal(stepwise.Length, ahead.Length);
        Assert.Equal(stepwise.Logits(), ahead.Logits());
    }

    [Fact]
    public void SamplingAgainGivesTheSameToken()
    {
        using TextSession session = Begin(Prompt());
        int first = session.Sample(s_random);
        Assert.Equal(first, session.Sample(s_random));
    }

    [Fact]
    public void StepsThatWereDroppedLeaveNoTrace()
    {
        int[] prompt = Prompt();
        using TextSession dropped = Begin(prompt), straight = Begin(prompt);
        dropped.QueueToken(SamplingOptions.Greedy);
        int first = dropped.ReadToken();
        dropped.QueueToken(SamplingOptions.Greedy);
        dropped.QueueToken(SamplingOptions.Greedy);
        dropped.DropQueued();
        Assert.Equal(prompt.Length, dropped.Length);

        int[] next = [first, 17, 40];
        dropped.Append(next, null, TestContext.Current.CancellationToken);
        straight.Append(next, null, TestContext.Current.CancellationToken);
        Assert.Equal(straight.Logits(), dropped.Logits());
        Assert.Equal(straight.Sample(s_random), dropped.Sample(s_random));
    }

    [Fact]
    public void GenerationStopsAtAnEndTokenAndAtTheContextsEnd()
    {
        int[] prompt = Prompt();
        using TextSession session = Begin(prompt, capacity: prompt.Length + 3);
        int[] all = [.. TextGenerator.Generate(session, 4, SamplingOptions.Greedy, [], TestContext.Current.CancellationToken)];
        Assert.Equal(session.Capacity, session.Length);
        session.QueueToken(SamplingOptions.Greedy);
        Assert.Throws<ContextExceededException>(() => session.QueueToken(SamplingOptions.Greedy));

        using TextSession ending = Begin(prompt);
        int[] some = [.. TextGenerator.Generate(ending, 9, SamplingOptions.Greedy, [all[1]], TestContext.Current.CancellationToken)];
        Assert.Equal(all[..(Array.IndexOf(all, all[1]) + 1)], some);
        Assert.Equal(prompt.Length + some.Length - 1, ending.Length);
    }

    [Fact]
    public void TheGeneratorIsOneStepAheadAndAllocatesNothingPerToken()
    {
        using ScriptedSession session = new() { Plan = tiny.Plan(AttentionMode.Dense, 4), Capacity = int.MaxValue };
        using IEnumerator<int> tokens = TextGenerator.Generate(session, 2000, SamplingOptions.Greedy, [-1], TestContext.Current.CancellationToken).GetEnumerator();
        for (int t = 0; t < 500; t++)
        {
            Assert.True(tokens.MoveNext());
            Assert.True(tokens.Current == t && session.Queued == t + 2, $"token {t} is {tokens.Current} with {session.Queued} queued, expected {t} and {t + 2}.");
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int t = 0; t < 1000; t++)
            tokens.MoveNext();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>
    /// A launch on the CPU accelerator allocates its job, some 300 bytes; what a token takes must not grow with the text.
    /// </summary>
    [Fact]
    public void ATokenAllocatesNoMoreInALongTextThanInAShortOne()
    {
        int[] prompt = Prompt();
        using TextSession session = Begin(prompt, capacity: 400);
        using IEnumerator<int> tokens = TextGenerator.Generate(session, 300, SamplingOptions.Greedy, [], TestContext.Current.CancellationToken).GetEnumerator();
        long Allocated(int count)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int t = 0; t < count; t++)
                Assert.True(tokens.MoveNext());
            return (GC.GetAllocatedBytesForCurrentThread() - before) / count;
        }
        Allocated(20);
        long early = Allocated(30);
        Allocated(150);
        long late = Allocated(30);
        TestContext.Current.TestOutputHelper!.WriteLine($"{early} bytes a token early, {late} late");
        Assert.True(late <= early + early / 10, $"a token allocates {late} bytes late in the text, {early} early.");
    }

    int[] Prompt() => tiny.Tokenizer.Encode("The old man looked at the sea and", addBos: true);

    TextSession Begin(int[] prompt, int capacity = 64)
    {
        TextSession session = tiny.Engine.Begin(tiny.Plan(AttentionMode.Auto, capacity), capacity);
        session.Append(prompt);
        return session;
    }

    /// <summary>Draws 0, 1, 2, …</summary>
    sealed class ScriptedSession : TextSession
    {
        int _read;

        public int Queued { get; private set; }

        public override void Append(ReadOnlySpan<int> ids, IProgress<int>? progress, CancellationToken cancellation) => throw new NotSupportedException();

        public override float[] Score(ReadOnlySpan<int> ids, ReadOnlySpan<int> targets, IProgress<int>? progress, CancellationToken cancellation) => throw new NotSupportedException();

        public override int Sample(in SamplingOptions options) => throw new NotSupportedException();

        public override void QueueToken(in SamplingOptions options) => Queued++;

        public override int ReadToken() => _read++;

        public override void DropQueued() => Queued = _read;

        public override float[] Logits() => throw new NotSupportedException();

        public override void Dispose()
        {
        }
    }
}
