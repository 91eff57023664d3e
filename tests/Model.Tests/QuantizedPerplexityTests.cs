using System.Text;
using IlgpuDca.Loader;
using IlgpuDca.Model.Attention;
using Xunit;

namespace IlgpuDca.Model.Tests;

/// <summary>
/// Files that llama.cpp quantised from models/tiny reach the perplexity that exact arithmetic on their weights has. Protocol:
/// the ids of a text cut in 512s, each first id replaced by bos, predictions at positions 256 to 510 scored.
/// </summary>
public class QuantizedPerplexityTests(ITestOutputHelper output)
{
    const int Window = 512, FirstScored = 256, LastScored = 510, TextBytes = 61_440, Bos = 1;

    /// <summary>A test run takes four windows of a file.</summary>
    const int FewWindows = 4;

    /// <summary>Relative: what the requirement allows of the whole text.</summary>
    const double PerplexityLimit = 1e-3;

    /// <summary>Absolute: what the float32 mode may be off by.</summary>
    const double NllLimit = 2e-4;

    /// <summary>By file: perplexity of all 35 windows in exact float32 arithmetic.</summary>
    static readonly (string File, double Perplexity)[] _published =
    [
        ("Q8_0", 23.7976), ("Q6_K", 23.9957), ("Q5_1", 24.2106), ("Q5_0", 24.1995), ("Q5_K_M", 24.0419), ("Q4_1", 25.2990),
        ("Q4_0", 26.1635), ("Q4_K_M", 24.9150), ("IQ4_NL", 25.3312), ("IQ4_XS", 25.4079), ("Q3_K_M", 26.9243), ("Q2_K", 49.8744),
    ];

    /// <summary>Set ILGPUDCA_MEASURE=1: all windows of all files against the published values, in eight minutes.</summary>
    [Fact]
    public void PublishedPerplexitiesAreReached()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("ILGPUDCA_MEASURE") == "1", "needs ILGPUDCA_MEASURE=1");
        foreach ((string file, double expected) in _published)
        {
            double[] nll = Nll(file, int.MaxValue);
            double perplexity = Math.Exp(nll.Average());
            output.WriteLine($"{file}: {nll.Length} windows, {perplexity:F4}, expected {expected}; first four: {nll[..FewWindows].Average():R}");
            Assert.Equal(35, nll.Length);
            Assert.True(Math.Abs(perplexity / expected - 1) <= PerplexityLimit, $"{file}: {perplexity:R}, expected {expected}");
        }
    }

    /// <summary>
    /// The first windows against the mean nll of the run that reached the published values. The three files have Q2_K, Q3_K,
    /// Q4_K, Q5_K, Q6_K and IQ4_XS.
    /// </summary>
    [Theory]
    [InlineData("Q2_K", 3.120173269627141)]
    [InlineData("Q4_K_M", 2.2875021205228916)]
    [InlineData("IQ4_XS", 2.2888709446963142)]
    public void FirstWindowsAreAsRecorded(string file, double expected)
    {
        double nll = Nll(file, FewWindows).Average();
        Assert.True(Math.Abs(nll - expected) <= NllLimit, $"{file}: {nll:R}, expected {expected:R}");
    }

    /// <summary>Mean nll of each window.</summary>
    static double[] Nll(string file, int most)
    {
        string path = Repository.Shared("fixtures", "gguf", $"tiny-{file}.gguf");
        string text = Encoding.UTF8.GetString(
            File.ReadAllBytes(Repository.Shared("text", "middlemarch.txt")).AsSpan(0, TextBytes));
        SentencePieceTokenizer tokenizer =
            SentencePieceTokenizer.Open(FileBytes.Map(Path.Combine(Repository.TinyModel, SentencePieceTokenizer.FileName)));
        int[] ids = tokenizer.Encode(text, addBos: true);
        using ComputeDevice device = ComputeDevice.Open(DevicePreference.Cpu);
        using LlamaFiles files = LlamaFiles.Open(ModelSource.FromPath(path));
        using Engine engine = Engine.Load(device, files, null, new EngineOptions { Mode = ComputeMode.Float32 });
        AttentionPlan plan = AttentionPlan.Decide(engine.Config, new AttentionOptions { Mode = AttentionMode.Dense }, Window);
        double[] nll = new double[Math.Min(most, ids.Length / Window)];
        for (int w = 0; w < nll.Length; w++)
        {
            int[] inputs = [Bos, .. ids[(w * Window + 1)..((w + 1) * Window)]];
            using TextSession session = engine.Begin(plan, Window);
            float[] scored = session.Score(inputs[..^1], inputs.AsSpan(1), null, TestContext.Current.CancellationToken);
            nll[w] = scored[FirstScored..(LastScored + 1)].Average(value => (double)value);
        }
        return nll;
    }
}
