using IlgpuDca.Kernels.Attention;
using IlgpuDca.Model.Attention;
using Xunit;

namespace IlgpuDca.Model.Tests;

/// <summary>Every token's negative log-likelihood against reference implementations.</summary>
public sealed class GoldenTests(TinyModel tiny) : IClassFixture<TinyModel>
{
    [Theory]
    [InlineData("dense_256", AttentionMode.Dense)]
    [InlineData("dca_2000", AttentionMode.Dca)]
    [InlineData("dca_4096", AttentionMode.Dca)]
    public void TinyModelMatchesTheReference(string text, AttentionMode mode)
    {
        using Golden golden = new(Repository.Reference("tiny-golden.safetensors"));
        int[] ids = golden.Ids(text + ".ids");
        AttentionPlan plan = tiny.Plan(mode, ids.Length);
        Limit.Check(golden.Floats(text + ".nll"), Score(tiny.Engine, plan, ids), Limit.Nll);
    }

    [Theory]
    [InlineData("llama-mha", "dense")]
    [InlineData("llama-mha", "dca")]
    [InlineData("llama-gqa-bf16", "dense")]
    [InlineData("llama-gqa-bf16", "dca")]
    public void RandomModelsMatchTheReference(string model, string attention)
    {
        using Golden golden = new(Path.Combine(Repository.Fixture(model), "golden.safetensors"));
        using Engine engine = TinyModel.Load(tiny.Device, Repository.Fixture(model), slice: 128);
        int[] ids = golden.Ids("ids");
        AttentionPlan plan = AttentionPlan.Decide(engine.Config, new AttentionOptions
        {
            Mode = attention == "dca" ? AttentionMode.Dca : AttentionMode.Dense,
        }, ids.Length);
        if (attention == "dca")
            Assert.Equal(new DcaGeometry(golden.Number("s"), golden.Number("pmax")), plan.Geometry);
        Limit.Check(golden.Floats(attention + ".nll"), Score(engine, plan, ids), Limit.Nll);
    }

    static float[] Score(Engine engine, AttentionPlan plan, int[] ids)
    {
        using TextSession session = engine.Begin(plan, ids.Length);
        return session.Score(ids.AsSpan(0, ids.Length - 1), ids.AsSpan(1), null, TestContext.Current.CancellationToken);
    }
}
