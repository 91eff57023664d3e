using IlgpuDca.Model;
using IlgpuDca.Model.Attention;
using IlgpuDca.Model.Tests;
using Xunit;

namespace IlgpuDca.Evaluation.Tests;

/// <summary>Windows, sums and curves of the protocols, and what the masks of the ablations make of nll.</summary>
public sealed class PerplexityTests(TinyModel tiny) : IClassFixture<TinyModel>
{
    const string Text = "The old man looked at the sea and saw that it was a very beautiful island, and he was glad. He sat down on the sand to rest.";

    [Fact]
    public void WindowsBeginWithBos()
    {
        int[] ids = Ids;
        const int Length = 8;
        PerplexityResult result = Measure(ids, Length, new PerplexitySettings(Buckets: 1));
        List<double[]> expected = [];
        for (int start = 0; start + Length < ids.Length; start += Length)
            expected.Add(Nll([1, .. ids[(start + 1)..(start + Length)]], ids[(start + 1)..(start + Length + 1)]));
        Check(expected, result);
    }

    [Fact]
    public void ThePaperCountsAllPredictionsOfWindowsThatOverlap()
    {
        int[] ids = Ids;
        const int Length = 9, Stride = 4;
        PerplexityResult result = Measure(ids, Length, new PerplexitySettings(PerplexityProtocol.Paper, Stride, Buckets: 2));
        List<double[]> expected = [];
        for (int start = 0; start + Length <= ids.Length; start += Stride)
            expected.Add(Nll(ids[start..(start + Length - 1)], ids[(start + 1)..(start + Length)]));
        Check(expected, result);
        Assert.Equal([(0, 4), (4, 8)], result.Curve.Select(point => (point.From, point.To)));
        for (int half = 0; half < 2; half++)
            Near(expected.Average(window => window.Skip(4 * half).Take(4).Average()), result.Curve[half].MeanNll);
    }

    [Fact]
    public void TheStrideProtocolCountsTheLastPredictionsOnce()
    {
        int[] ids = Ids;
        const int Length = 9, Stride = 3;
        PerplexityResult result = Measure(ids, Length, new PerplexitySettings(PerplexityProtocol.Stride, Stride, Buckets: 4));
        List<double[]> expected = [];
        for (int start = 0; start + Length <= ids.Length; start += Stride)
            expected.Add(Nll(ids[start..(start + Length - 1)], ids[(start + 1)..(start + Length)])[^Stride..]);
        Check(expected, result);
        Assert.Equal([(5, 6), (6, 8)], result.Curve.Select(point => (point.From, point.To)));
    }

    [Theory]
    [InlineData(PerplexityProtocol.Window, 20, 19)]
    [InlineData(PerplexityProtocol.Paper, 20, 19)]
    public void AShorterTextIsOneWindow(PerplexityProtocol protocol, int ids, int predictions)
    {
        PerplexityWindow only = Assert.Single(new PerplexitySettings(protocol).Windows(ids, 1000));
        Assert.Equal(new PerplexityWindow(0, predictions, 0), only);
        Assert.True(double.IsNaN(PerplexityResult.Of([only], [[1.0]]).StandardError));
    }

    [Fact]
    public void TheStandardErrorIsOfTheWindowsMeans()
    {
        PerplexityWindow[] windows = [new(0, 4, 0), new(4, 4, 0), new(8, 4, 0)];
        PerplexityResult result = PerplexityResult.Of(windows, [[2, 2], [4, 4], [6, 6]]);
        // Means 1, 2, 3: variance 1, error sqrt(1/3).
        Assert.Equal(2, result.MeanNll, 15);
        Assert.Equal(Math.Sqrt(1 / 3.0), result.StandardError, 15);
        Assert.Equal(Math.Exp(2) * Math.Sqrt(1 / 3.0), result.PerplexityError, 12);
        Assert.Equal([2.0, 2.0], result.Curve.Select(point => point.MeanNll));
        Assert.All(result.Curve, point => Assert.Equal(6, point.Tokens));
    }

    [Fact]
    public void AnInterruptedRunGoesOnToTheSameResult()
    {
        int[] ids = Ids;
        PerplexitySettings settings = new(PerplexityProtocol.Paper, 5, 3);
        PerplexityResult whole = Measure(ids, 9, settings);
        Kept kept = new();
        using CancellationTokenSource interruption = new();
        kept.Added += done =>
        {
            if (done == 2)
                interruption.Cancel();
        };
        AttentionPlan plan = Method.Parse("dca").Plan(tiny.Engine.Config, 9);
        Assert.Throws<OperationCanceledException>(() => Perplexity.Measure(tiny.Engine, plan, ids, 9, settings, 1, null, kept, interruption.Token));
        Assert.Equal(2, kept.Windows.Count);
        PerplexityResult resumed = Perplexity.Measure(tiny.Engine, plan, ids, 9, settings, 1, null, kept, TestContext.Current.CancellationToken);
        Assert.Equal(whole.Windows, kept.Windows.Count);
        Assert.Equal(whole.MeanNll, resumed.MeanNll);
        Assert.Equal(whole.Curve, resumed.Curve);
    }

    /// <summary>A chunk that sees only itself is a text of its own.</summary>
    [Fact]
    public void IntraAloneMakesEachChunkATextOfItsOwn()
    {
        int[] ids = [.. Enumerable.Repeat(Ids, 3).SelectMany(part => part)];
        const int Chunk = 30;
        double[] nll = Nll(ids[..^1], ids[1..], $"dca-intra:s={Chunk}:pmax=40");
        for (int start = 0; start + 1 < ids.Length; start += Chunk)
        {
            int end = Math.Min(start + Chunk, ids.Length - 1);
            double[] alone = Nll(ids[start..end], ids[(start + 1)..(end + 1)], "plain");
            for (int t = start; t < end; t++)
                Near(alone[t - start], nll[t]);
        }
    }

    /// <summary>Two chunks that see each other are all of Dual Chunk Attention up to 2s, and not past it.</summary>
    [Fact]
    public void IntraAndSuccessiveIsTheMethodUpToTwoChunks()
    {
        int[] ids = [.. Enumerable.Repeat(Ids, 3).SelectMany(part => part)];
        double[] all = Nll(ids[..^1], ids[1..], "dca:s=20:pmax=30"), two = Nll(ids[..^1], ids[1..], "dca-intra-successive:s=20:pmax=30");
        Assert.Equal(all[..40], two[..40]);
        Assert.True(Enumerable.Range(40, all.Length - 40).All(t => Math.Abs(all[t] - two[t]) > 0));
    }

    [Fact]
    public void NoPredictionIsRefused() =>
        Assert.Throws<UsageException>(() => Measure([1], 8, new PerplexitySettings()));

    [Fact]
    public void TheWindowProtocolNeedsBos() =>
        Assert.Contains("--protocol", Assert.Throws<UsageException>(() => Perplexity.Measure(tiny.Engine, tiny.Plan(AttentionMode.Dense, 8), [5, 6, 7], 8, new PerplexitySettings(), null)).Message,
            StringComparison.Ordinal);

    int[] Ids => tiny.Tokenizer.Encode(Text, addBos: true);

    PerplexityResult Measure(int[] ids, int length, PerplexitySettings settings) =>
        Perplexity.Measure(tiny.Engine, Method.Parse("dca").Plan(tiny.Engine.Config, length), ids, length, settings, bos: 1);

    double[] Nll(int[] inputs, int[] targets, string method = "dca")
    {
        using TextSession session = tiny.Engine.Begin(Method.Parse(method).Plan(tiny.Engine.Config, inputs.Length), inputs.Length);
        double[] nll = new double[inputs.Length];
        for (int t = 0; t < inputs.Length; t++)
        {
            session.Append([inputs[t]]);
            float[] logits = session.Logits();
            double max = logits.Max();
            nll[t] = max + Math.Log(logits.Sum(logit => Math.Exp(logit - max))) - logits[targets[t]];
        }
        return nll;
    }

    static void Check(List<double[]> expected, PerplexityResult result)
    {
        Assert.True(expected.Count >= 3);
        Assert.Equal(expected.Count, result.Windows);
        Assert.Equal(expected.Sum(window => window.Length), result.Tokens);
        Near(expected.Average(window => window.Average()), result.MeanNll);
        Near(result.MeanNll, result.Curve.Sum(point => point.MeanNll * point.Tokens) / result.Tokens);
        Assert.Equal(Math.Exp(result.MeanNll), result.Perplexity);
    }

    static void Near(double expected, double found) =>
        Assert.True(Math.Abs(expected - found) <= Limit.Nll, $"{found:R}, expected {expected:R}");

    sealed class Kept : IFinishedWindows
    {
        public event Action<int>? Added;

        public Dictionary<int, double[]> Windows { get; } = [];

        public double[]? Find(int window) => Windows.GetValueOrDefault(window);

        public void Add(int window, double[] sums)
        {
            Windows.Add(window, sums);
            Added?.Invoke(Windows.Count);
        }
    }
}
