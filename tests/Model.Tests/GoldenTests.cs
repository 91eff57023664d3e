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
    [InlineData("llama-linear4", "dense")]
    [InlineData("llama-dynamic2", "dense")]
    [InlineData("llama-yarn4", "dense")]
    [InlineData("llama3-rope", "dense")]
    [InlineData("mistral-window", "dense")]
    [InlineData("qwen2", "dense")]
    [InlineData("qwen2", "dca")]
    [InlineData("qwen3-tied", "dense")]
    [InlineData("qwen3-tied", "dca")]
    [InlineData("qwen3-moe", "dense")]
    [InlineData("qwen3-moe", "dca")]
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

        // The last rows' logits: the first of them after a prompt, the others after one token more each.
        const int rows = 8;
        float[] logits = golden.Floats(attention + ".logits_last8");
        using TextSession session = engine.Begin(plan, ids.Length);
        session.Append(ids.AsSpan(0, ids.Length - rows + 1), null, TestContext.Current.CancellationToken);
        for (int row = 0; row < rows; row++)
        {
            if (row > 0)
                session.Append(ids.AsSpan(ids.Length - rows + row, 1), null, TestContext.Current.CancellationToken);
            int vocabulary = engine.Config.VocabularySize;
            Limit.Check(logits.AsSpan(row * vocabulary, vocabulary), session.Logits(), Limit.Logits);
        }
    }

    static float[] Score(Engine engine, AttentionPlan plan, int[] ids)
    {
        using TextSession session = engine.Begin(plan, ids.Length);
        return session.Score(ids.AsSpan(0, ids.Length - 1), ids.AsSpan(1), null, TestContext.Current.CancellationToken);
    }
}
