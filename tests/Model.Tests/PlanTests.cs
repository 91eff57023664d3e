using IlgpuDca.Kernels.Attention;
using IlgpuDca.Loader;
using IlgpuDca.Model.Attention;
using Xunit;

namespace IlgpuDca.Model.Tests;

/// <summary>What is decided before a text begins.</summary>
public sealed class PlanTests
{
    static readonly ModelConfig _tiny = ModelConfig.Open(ModelSource.FromFolder(Repository.TinyModel));
    static readonly ModelConfig _plain = _tiny with { DualChunk = null };

    [Fact]
    public void AutoTakesTheConfigsBlock()
    {
        AttentionPlan plan = AttentionPlan.Decide(_tiny, new AttentionOptions(), 100);
        Assert.Equal(new DcaGeometry(384, 511), plan.Geometry);
        Assert.Equal(1, plan.Temperature);
        Assert.Empty(plan.Notes);
    }

    [Fact]
    public void AutoTakesDcaForLongTextsAlone()
    {
        Assert.Equal("dense", AttentionPlan.Decide(_plain, new AttentionOptions(), 512).Name);
        AttentionPlan longer = AttentionPlan.Decide(_plain, new AttentionOptions(), 513);
        Assert.Equal(new DcaGeometry(384, 511), longer.Geometry);
        Assert.Contains("513", Assert.Single(longer.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void DenseIsKeptAndSaidWhenAskedFor()
    {
        AttentionPlan plan = AttentionPlan.Decide(_tiny, new AttentionOptions { Mode = AttentionMode.Dense }, 2000);
        Assert.True(plan.Geometry.IsDense);
        Assert.Single(plan.Notes);
    }

    [Fact]
    public void ChunkFlagsAreSItself()
    {
        AttentionPlan plan = AttentionPlan.Decide(_tiny, new AttentionOptions { ChunkLength = 256, MaxPosition = 384 }, 2000);
        Assert.Equal(new DcaGeometry(256, 384), plan.Geometry);
        Assert.Equal(new DcaGeometry(256, 384), AttentionPlan.Decide(_tiny, new AttentionOptions { ChunkSize = 384, LocalSize = 128 }, 2000).Geometry);
    }

    [Fact]
    public void TooLargeAPositionIsClampedAndSaid()
    {
        AttentionPlan plan = AttentionPlan.Decide(_tiny, new AttentionOptions { ChunkLength = 100, MaxPosition = 500 }, 2000);
        Assert.Equal(199, plan.Geometry.MaxPosition);
        Assert.Single(plan.Notes);
    }

    public static TheoryData<AttentionOptions> Contradictions =>
    [
        new AttentionOptions { Mode = AttentionMode.Dense, ChunkLength = 256 },
        new AttentionOptions { ChunkLength = 256, ChunkSize = 384 },
        new AttentionOptions { LocalSize = 128 },
        new AttentionOptions { ChunkSize = 128, LocalSize = 128 },
        new AttentionOptions { ChunkLength = 0 },
        new AttentionOptions { ChunkLength = 256, MaxPosition = 254 },
    ];

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void ContradictionsAreRefused(AttentionOptions options) =>
        Assert.Throws<UsageException>(() => AttentionPlan.Decide(_tiny, options, 1000));

    [Theory]
    [InlineData(RopeKind.Linear, 4, 1536, 2047)]
    [InlineData(RopeKind.Ntk, 4, 1536, 2047)]
    [InlineData(RopeKind.Yarn, 4, 1536, 2047)]
    [InlineData(RopeKind.Dynamic, 4, 384, 511)]
    [InlineData(RopeKind.Default, 1, 384, 511)]
    public void AChosenScalingStretchesTheChunks(RopeKind kind, double factor, int chunk, int largest)
    {
        AttentionOptions options = new() { Mode = AttentionMode.Dca, RopeKind = kind, RopeFactor = factor > 1 ? factor : null };
        DcaGeometry expected = new(chunk, largest);
        Assert.Equal(expected, AttentionPlan.Decide(_tiny, options, 8000).Geometry);
        Assert.Equal(expected, AttentionPlan.Decide(_plain, options, 8000).Geometry);
        // What is given in tokens is not stretched.
        Assert.Equal(new DcaGeometry(100, 150), AttentionPlan.Decide(_tiny, options with { ChunkLength = 100, MaxPosition = 150 }, 8000).Geometry);

        // Up to the stretched length no text needs chunks; past it they are taken.
        AttentionOptions auto = options with { Mode = AttentionMode.Auto };
        int length = largest + 1;
        Assert.Equal("dense", AttentionPlan.Decide(_plain, auto, length).Name);
        AttentionPlan longer = AttentionPlan.Decide(_plain, auto, length + 1);
        Assert.Equal(expected, longer.Geometry);
        Assert.Contains($"{length}", Assert.Single(longer.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void PositionsOfAStretchedPlanStayWithinTheTrainedOnes()
    {
        AttentionPlan plan = AttentionPlan.Decide(_tiny, new AttentionOptions { Mode = AttentionMode.Dca, RopeKind = RopeKind.Linear, RopeFactor = 4 }, 100_000);
        // The fastest wave turns by one radian a trained position.
        Assert.Equal(0.25, plan.Rope.Frequencies[0], 15);
        Assert.True(plan.Geometry.MaxPosition * plan.Rope.Frequencies[0] < 512);
    }

    [Fact]
    public void TheConfigForLongTextsHoldsWhereItIsNeeded()
    {
        ModelConfig config = _plain with { LongDualChunk = new DualChunkConfig(300, 100, 256) };
        Assert.True(AttentionPlan.Decide(config, new AttentionOptions(), 512).Geometry.IsDense);
        AttentionPlan asked = AttentionPlan.Decide(config, new AttentionOptions { Mode = AttentionMode.Dca }, 512), longer = AttentionPlan.Decide(config, new AttentionOptions(), 513);
        Assert.Equal(new DcaGeometry(200, 300), asked.Geometry);
        Assert.Equal(new DcaGeometry(200, 300), longer.Geometry);
        Assert.Equal(Math.Pow(0.1 * Math.Log(2) + 1, 2), asked.Temperature, 12);
    }

    [Theory]
    [InlineData(TemperatureMode.ChunkLlama05, 0.05)]
    [InlineData(TemperatureMode.ChunkLlama10, 0.1)]
    [InlineData(TemperatureMode.Qwen, 0.1)]
    [InlineData(TemperatureMode.None, 0)]
    public void TemperaturesAreThoseOfTheFinalLength(TemperatureMode mode, double slope)
    {
        AttentionPlan plan = AttentionPlan.Decide(_plain, new AttentionOptions { Mode = AttentionMode.Dca, Temperature = mode }, 4096);
        Assert.Equal(Math.Pow(slope * Math.Log(8) + 1, 2), plan.Temperature, 12);
        Assert.Equal(1, AttentionPlan.Decide(_plain, new AttentionOptions { Mode = AttentionMode.Dca, Temperature = mode }, 400).Temperature);
    }

    [Fact]
    public void QwenTemperatureGrowsWithTheText()
    {
        ModelConfig config = _tiny with { DualChunk = _tiny.DualChunk! with { OriginalMaxPositionEmbeddings = 512 } };
        double factor = 0.1 * Math.Log(8) + 1;
        Assert.Equal(factor * factor, AttentionPlan.Decide(config, new AttentionOptions(), 4096).Temperature, 12);
        Assert.Equal(1, AttentionPlan.Decide(config, new AttentionOptions(), 512).Temperature);
        Assert.Equal(1, AttentionPlan.Decide(config, new AttentionOptions { Temperature = TemperatureMode.None }, 4096).Temperature);
    }

    [Fact]
    public void TheLongestTextFitsAndOneMorePageDoesNot()
    {
        DeviceMemory available = new(100_000_000, AllocationRule.Exact);
        int longest = MemoryPlan.LongestText(_tiny, ComputeMode.Float32, 512, DcaGeometry.Dense, available);
        Assert.True(longest > 512);
        Assert.True(MemoryPlan.For(_tiny, ComputeMode.Float32, longest, 512, DcaGeometry.Dense, available).Fits);
        Assert.False(MemoryPlan.For(_tiny, ComputeMode.Float32, longest + 1, 512, DcaGeometry.Dense, available).Fits);
        Assert.Equal(0, MemoryPlan.LongestText(_tiny, ComputeMode.Float32, 512, DcaGeometry.Dense, available with { Available = 1_000_000 }));
    }

    [Fact]
    public void ATextThatDoesNotFitIsRefusedWithWhatWould()
    {
        using ComputeDevice device = ComputeDevice.Open(DevicePreference.Cpu);
        using Engine engine = TinyModel.Load(device, Repository.TinyModel, slice: null);
        AttentionPlan plan = AttentionPlan.Decide(engine.Config, new AttentionOptions(), int.MaxValue / 2);
        ContextExceededException refused = Assert.Throws<ContextExceededException>(() => engine.Begin(plan, int.MaxValue / 2));
        Assert.Contains("--ctx-size", refused.Message, StringComparison.Ordinal);
        Assert.Contains("tokens fit", refused.Message, StringComparison.Ordinal);
    }
}
