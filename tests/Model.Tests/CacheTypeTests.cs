using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Model.Attention;
using Xunit;

namespace IlgpuDca.Model.Tests;

/// <summary>What a quantised cache costs: mean negative log-likelihood of the golden text.</summary>
public sealed class CacheTypeTests(TinyModel tiny) : IClassFixture<TinyModel>
{
    [Theory]
    [InlineData(CacheType.Fp8, 0.003)]
    [InlineData(CacheType.Int8, 0.003)]
    [InlineData(CacheType.Int4, 0.02)]
    public void MeanLossOfTheGoldenTextStays(CacheType type, double share)
    {
        using Golden golden = new(Repository.Reference("tiny-golden.safetensors"));
        int[] ids = golden.Ids("dca_4096.ids");
        double expected = golden.Floats("dca_4096.nll").Average();
        using Engine engine = TinyModel.Load(tiny.Device, Repository.TinyModel, slice: null, cache: type);
        AttentionPlan plan = tiny.Plan(AttentionMode.Dca, ids.Length);
        using TextSession session = engine.Begin(plan, ids.Length);
        double mean = session.Score(ids.AsSpan(0, ids.Length - 1), ids.AsSpan(1), null, TestContext.Current.CancellationToken).Average();
        TestContext.Current.TestOutputHelper?.WriteLine($"{type}: {mean / expected - 1:+0.0000 %;-0.0000 %}");
        Assert.True(Math.Abs(mean / expected - 1) <= share, $"{type}: mean nll {mean}, with a plain cache {expected}: {mean / expected - 1:+0.00 %;-0.00 %}, at most {share:0.0 %} is allowed.");
    }
}
