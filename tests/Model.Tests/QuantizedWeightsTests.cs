using System.Text;
using IlgpuDca.Kernels.Sampling;
using IlgpuDca.Loader;
using IlgpuDca.Model.Attention;
using Xunit;

namespace IlgpuDca.Model.Tests;

/// <summary>A model whose weights stay quantised says what it says with them expanded.</summary>
public class QuantizedWeightsTests(ITestOutputHelper output)
{
    const int Tokens = 200;

    /// <summary>What the requirement allows of perplexity: 0.1 %.</summary>
    const double NllLimit = 1e-3;

    [Theory]
    [InlineData("Q8_0")]
    [InlineData("Q4_0")]
    [InlineData("Q4_K_M")]
    [InlineData("Q2_K")]
    public void NllIsThatOfExpandedWeights(string file)
    {
        string path = Repository.Shared("fixtures", "gguf", $"tiny-{file}.gguf");
        string text = Encoding.UTF8.GetString(File.ReadAllBytes(Repository.Shared("text", "middlemarch.txt")).AsSpan(5_000, 2_000));
        SentencePieceTokenizer tokenizer =
            SentencePieceTokenizer.Open(FileBytes.Map(Path.Combine(Repository.TinyModel, SentencePieceTokenizer.FileName)));
        int[] ids = tokenizer.Encode(text, addBos: true)[..(Tokens + 1)];
        using ComputeDevice device = ComputeDevice.Open(DevicePreference.Cpu);
        using LlamaFiles files = LlamaFiles.Open(ModelSource.FromPath(path));
        (float[] expanded, float[] expandedLogits) = Score(device, files, WeightMode.Expanded, ids);
        (float[] quantized, float[] quantizedLogits) = Score(device, files, WeightMode.Quantized, ids);
        double difference = Math.Abs(expanded.Average(value => (double)value) - quantized.Average(value => (double)value));
        double largest = expandedLogits.Zip(quantizedLogits, (a, b) => Math.Abs(a - b)).Max();
        output.WriteLine($"{file}: mean nll differs by {difference:g3}, the next logits after a decode step by at most {largest:g3}");
        Assert.True(difference <= NllLimit, $"{file}: mean nll differs by {difference:g3}");
        Assert.NotEqual(expandedLogits, quantizedLogits);
        // A decode step multiplies codes where the prompt multiplied unpacked weights: both within the rounding of scales.
        Assert.True(largest <= 0.05, $"{file}: logits differ by {largest:g3}");
    }

    static (float[] Nll, float[] Logits) Score(ComputeDevice device, LlamaFiles files, WeightMode mode, int[] ids)
    {
        using Engine engine = Engine.Load(device, files, null, new EngineOptions { Mode = ComputeMode.Float32, Weights = mode });
        AttentionPlan plan = AttentionPlan.Decide(engine.Config, new AttentionOptions { Mode = AttentionMode.Dense }, Tokens + 8);
        using TextSession session = engine.Begin(plan, Tokens + 8);
        float[] nll = session.Score(ids.AsSpan(0, Tokens), ids.AsSpan(1), null, TestContext.Current.CancellationToken);
        session.Append(ids.AsSpan(Tokens, 1), null, TestContext.Current.CancellationToken);
        session.Sample(SamplingOptions.Greedy);
        return (nll, session.Logits());
    }
}
