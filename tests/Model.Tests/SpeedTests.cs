using IlgpuDca.Kernels.Sampling;
using IlgpuDca.Loader;
using IlgpuDca.Model.Attention;
using IlgpuDca.Model.Benchmarks.Speed;
using IlgpuDca.Model.Weights;
using Xunit;

namespace IlgpuDca.Model.Tests;

/// <summary>What the speed of a model is measured with.</summary>
public sealed class SpeedTests(TinyModel tiny) : IClassFixture<TinyModel>
{
    static readonly ModelConfig _llama = ModelShapes.Find("llama2-7b");

    [Theory]
    [InlineData("llama2-7b", 6_738_415_616)]
    [InlineData("llama2-13b", 13_015_864_320)]
    [InlineData("llama2-70b", 68_976_648_192)]
    [InlineData("qwen3-30b-a3b", 30_532_122_624)]
    public void ShapesHaveTheModelsParameters(string name, long parameters)
    {
        ModelConfig config = ModelShapes.Find(name);
        // Norms take 4 bytes, not 2.
        long norms = (2L * config.Layers + 1) * config.HiddenSize + (config.HasHeadNorms ? 2L * config.Layers * config.HeadDim : 0);
        Assert.Equal(2 * parameters + 2 * norms, MemoryPlan.WeightBytes(config, ComputeMode.BFloat16));
    }

    [Fact]
    public void ShapesThatDoNotExistAreRefused()
    {
        UsageException refused = Assert.Throws<UsageException>(() => ModelShapes.Find("gpt-2"));
        Assert.Contains("gpt-2", refused.Message, StringComparison.Ordinal);
        Assert.Contains("llama2-7b", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OfExpertsTheChosenOnesCount()
    {
        ModelConfig config = ModelShapes.Find("qwen3-30b-a3b");
        // A layer's query, key, value and output matrices, its router, 8 experts of 3 matrices; then the output matrix.
        const long Layer = 2_048L * (4_096 + 2 * 512 + 4_096) + 128 * 2_048 + 8 * 3 * 768 * 2_048;
        const long active = 48 * Layer + 2_048L * 151_936;
        ModelCost one = ModelCost.Decode(config, ComputeMode.BFloat16, 1, 0, WeightStorage.Plain);
        double attention = 4d * config.QueryWidth * config.Layers, keys = 2d * config.KeyValueWidth * config.Layers;
        Assert.Equal(2d * active + attention, one.Flops, 1d);
        Assert.Equal(2 * (active + keys), one.Bytes, 1d);

        // A slice of 16 tokens can choose all 128; one of 8 half of them.
        double all = ModelCost.Prefill(config, ComputeMode.BFloat16, 16, 0, 16, WeightStorage.Plain).Bytes;
        double half = ModelCost.Prefill(config, ComputeMode.BFloat16, 8, 0, 8, WeightStorage.Plain).Bytes;
        double experts = 2d * config.Layers * 128 * 3 * 768 * 2_048;
        Assert.Equal(experts / 2 + 8 * 2 * keys, all - half, 1d);
    }

    [Fact]
    public void ACostIsTheSumOfItsTokens()
    {
        const int Tokens = 5, Depth = 7;
        ModelCost decoded = ModelCost.Decode(_llama, ComputeMode.BFloat16, Tokens, Depth, WeightStorage.Plain), summed = default;
        for (int t = 0; t < Tokens; t++)
        {
            ModelCost one = ModelCost.Decode(_llama, ComputeMode.BFloat16, 1, Depth + t, WeightStorage.Plain);
            summed = new ModelCost(summed.Flops + one.Flops, summed.Bytes + one.Bytes);
        }
        Assert.Equal(summed.Flops, decoded.Flops, 1e-12 * summed.Flops);
        Assert.Equal(summed.Bytes, decoded.Bytes, 1e-12 * summed.Bytes);

        // A prompt does the same, but for the output matrix, which its last token alone passes.
        ModelCost prompt = ModelCost.Prefill(_llama, ComputeMode.BFloat16, Tokens, Depth, 8192, WeightStorage.Plain);
        double output = 2d * _llama.HiddenSize * _llama.VocabularySize;
        Assert.Equal(decoded.Flops - (Tokens - 1) * output, prompt.Flops, 1e-12 * decoded.Flops);
        Assert.True(prompt.Bytes < decoded.Bytes / (Tokens - 1));
        Assert.True(ModelCost.Prefill(_llama, ComputeMode.BFloat16, Tokens, Depth, 1, WeightStorage.Plain).Bytes > 4 * prompt.Bytes);
    }

    [Fact]
    public void TheRooflineOfSevenBillionOnAnH100IsWhatIsKnown()
    {
        DeviceLimits limits = new(800e12, 2.94e12);
        Assert.Equal(218, 1 / ModelCost.Decode(_llama, ComputeMode.BFloat16, 1, 512, WeightStorage.Plain).Seconds(limits), 218 * 0.02);
        Assert.Equal(45, 1 / ModelCost.Decode(_llama, ComputeMode.BFloat16, 1, 100_000, WeightStorage.Plain).Seconds(limits), 45 * 0.02);
        // 2 · 6.48e9 + 4 · 4096 · 32 · 4097 / 2 operations for each of the 4,096 tokens.
        Assert.Equal(800e12 / 14.03e9, 4096 / ModelCost.Prefill(_llama, ComputeMode.BFloat16, 4096, 0, 8192, WeightStorage.Plain).Seconds(limits), 100d);
    }

    [Fact]
    public void EachRepetitionIsARate()
    {
        SpeedBenchmark benchmark = new(tiny.Engine, new DeviceLimits(1e12, 1e11), repetitions: 3, TestContext.Current.CancellationToken);
        SpeedRow prompt = benchmark.Prefill(tiny.Plan(AttentionMode.Dca, 9), 5, 4), text = benchmark.Decode(tiny.Plan(AttentionMode.Dense, 3), 3, 0);
        Assert.Equal(("pp5 @ d4", "dca", 5, 3, 3), (prompt.Test, prompt.Attention, prompt.Tokens, prompt.Seconds.Count, prompt.FirstTokenSeconds.Count));
        Assert.Equal(("tg3", "dense", 3, 3, 0), (text.Test, text.Attention, text.Tokens, text.Seconds.Count, text.FirstTokenSeconds.Count));
        Assert.All(prompt.Seconds.Zip(prompt.FirstTokenSeconds), pair => Assert.True(0 < pair.First && pair.First < pair.Second));
        Assert.True(prompt.Roofline > 0 && prompt.PlannedBytes == tiny.Engine.Plan(9, tiny.Plan(AttentionMode.Dca, 9).Geometry).Total);
        Assert.Null(prompt.ReportedBytes);
        Assert.Equal(2, (prompt with { Tokens = 6, Seconds = [2, 3, 6] }).Mean, 12);
        Assert.Equal(1, (prompt with { Tokens = 6, Seconds = [2, 3, 6] }).Deviation, 12);
    }

    [Fact]
    public void APretendedTextIsContinuedAndCutBack()
    {
        AttentionPlan plan = tiny.Plan(AttentionMode.Dca, 500);
        using TextSession pretended = tiny.Engine.Begin(plan, 500), real = tiny.Engine.Begin(plan, 500);
        pretended.Pretend(499);
        Assert.Equal(499, pretended.Length);
        pretended.Append([5]);
        Assert.All(pretended.Logits(), logit => Assert.True(float.IsFinite(logit)));
        Assert.Throws<ContextExceededException>(() => pretended.Append([5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => pretended.Pretend(501));

        pretended.Pretend(0);
        pretended.Append([1, 2, 3]);
        real.Append([1, 2, 3]);
        Assert.Equal(real.Logits(), pretended.Logits());
        Assert.Equal(real.Sample(SamplingOptions.Greedy), pretended.Sample(SamplingOptions.Greedy));
    }
}
