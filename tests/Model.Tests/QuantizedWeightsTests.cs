using System.Text;
using IlgpuDca.Kernels.Attention;
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
        using LlamaFiles files = LlamaFiles.Open(ModelSource.FromPath(path));
        Compare(file, files, ids);
    }

    /// <summary>Experts and tied output matrices, as our own writer quantises them.</summary>
    [Theory]
    [InlineData(TensorType.Q4_0, 6, false)]
    [InlineData(TensorType.Q8_0, 6, true)]
    [InlineData(TensorType.Q4_K, 3, false)]
    [InlineData(TensorType.Q8_0, 0, true)]
    [InlineData(TensorType.Q4_K, 0, true)]
    public void NllOfRandomModelsIsThatOfExpandedWeights(TensorType type, int experts, bool isTied)
    {
        using QuantizedModel model = QuantizedModel.Random(type, experts, isTied);
        Compare($"{type}, {experts} experts{(isTied ? ", tied" : "")}", model.Files, Ids(797, 4_096));
    }

    /// <summary>
    /// Nothing of 8-bit floats is rounded: a prompt says exactly the same, a decode step adds up in another order.
    /// </summary>
    [Theory]
    [InlineData("block", 3)]
    [InlineData("channel", 0)]
    [InlineData("tensor", 0)]
    public void NllOfFloat8IsThatOfExpandedWeights(string strategy, int experts)
    {
        using QuantizedModel model = QuantizedModel.Float8(strategy, experts);
        Compare($"FP8 by {strategy}, {experts} experts", model.Files, Ids(797, 4_096), nllLimit: 0, logitsLimit: 1e-4);
    }

    /// <summary>
    /// Groups that are not of neighbours; where the parts of a matrix have several orders, that matrix alone is expanded.
    /// </summary>
    [Fact]
    public void NllOfGptqWithActOrderIsThatOfExpandedWeights()
    {
        long[] bytes = [.. new[] { true, false }.Select(hasOneOrder =>
        {
            using QuantizedModel model = QuantizedModel.Gptq(hasOneOrder);
            return Compare($"GPTQ with {(hasOneOrder ? "one order" : "two orders")}", model.Files, Ids(797, 4_096));
        })];
        Assert.True(bytes[0] < bytes[1], $"{bytes[0]} bytes with one order, {bytes[1]} with two");
    }

    [Theory]
    [InlineData("qwen3-moe", TensorType.Q4_0)]
    [InlineData("qwen3-moe", TensorType.Q8_0)]
    [InlineData("qwen3-tied", TensorType.Q4_0)]
    [InlineData("qwen3-tied", TensorType.Q8_0)]
    public void NllOfFixturesIsThatOfExpandedWeights(string fixture, TensorType type)
    {
        using QuantizedModel model = QuantizedModel.OfFixture(fixture, type);
        Compare($"{fixture} {type}", model.Files, Ids(97, 320));
    }

    long Compare(string name, LlamaFiles files, int[] ids, double nllLimit = NllLimit, double logitsLimit = 0.05)
    {
        using ComputeDevice device = ComputeDevice.Open(DevicePreference.Cpu);
        (float[] expanded, float[] expandedLogits, long expandedBytes) = Score(device, files, WeightMode.Expanded, ids);
        (float[] quantized, float[] quantizedLogits, long quantizedBytes) =
            Score(device, files, WeightMode.Quantized, ids);
        double difference = Math.Abs(expanded.Average(value => (double)value) - quantized.Average(value => (double)value));
        double largest = expandedLogits.Zip(quantizedLogits, (a, b) => Math.Abs(a - b)).Max();
        output.WriteLine($"{name}: {quantizedBytes} bytes of weights instead of {expandedBytes}; mean nll differs by "
            + $"{difference:g3}, the next logits after a decode step by at most {largest:g3}");
        Assert.True(quantizedBytes < expandedBytes,
            $"{name}: {quantizedBytes} bytes of weights, {expandedBytes} expanded");
        Assert.True(difference <= nllLimit, $"{name}: mean nll differs by {difference:g3}");
        Assert.NotEqual(expandedLogits, quantizedLogits);
        // A decode step multiplies codes where the prompt multiplied unpacked weights: both within the rounding of scales.
        Assert.True(largest <= logitsLimit, $"{name}: logits differ by {largest:g3}");
        return quantizedBytes;
    }

    /// <summary>A text that comes back to no id soon.</summary>
    static int[] Ids(int step, int vocabulary) => [.. Enumerable.Range(0, Tokens + 1).Select(k =>
        k * step % vocabulary)];

    static (float[] Nll, float[] Logits, long Bytes) Score(ComputeDevice device, LlamaFiles files, WeightMode mode,
        int[] ids)
    {
        using Engine engine = Engine.Load(device, files, null, new EngineOptions { Mode = ComputeMode.Float32, Weights = mode });
        long bytes = LiveBuffers.Of(device.Accelerator).Sum();
        Assert.Equal(engine.Plan(Tokens + 8, new DcaGeometry(256, 511)).Weights, bytes);
        AttentionPlan plan = AttentionPlan.Decide(engine.Config, new AttentionOptions { Mode = AttentionMode.Dense }, Tokens + 8);
        using TextSession session = engine.Begin(plan, Tokens + 8);
        float[] nll = session.Score(ids.AsSpan(0, Tokens), ids.AsSpan(1), null, TestContext.Current.CancellationToken);
        session.Append(ids.AsSpan(Tokens, 1), null, TestContext.Current.CancellationToken);
        session.Sample(SamplingOptions.Greedy);
        return (nll, session.Logits(), bytes);
    }
}
