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
