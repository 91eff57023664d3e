using IlgpuDca.Kernels.Sampling;
using IlgpuDca.Model.Attention;
using IlgpuDca.Model.Generation;
using Xunit;

namespace IlgpuDca.Model.Tests;

/// <summary>A random model with experts, as texts see it.</summary>
public sealed class ExpertTests
{
    /// <summary>
    /// Slices of many tokens take the grouped products, those of few and single tokens the kernels that read chosen experts: they add
    /// up in different orders, so they agree within twice the limit that each keeps against the reference.
    /// </summary>
    [Fact]
    public void SlicesOfAnySizeAgree()
    {
        using ComputeDevice device = ComputeDevice.Open(DevicePreference.Cpu);
        using Golden golden = new(Path.Combine(Repository.Fixture("qwen3-moe"), "golden.safetensors"));
        int[] ids = golden.Ids("ids")[..70];
        float[][] logits = [.. new[] { 64, 9, 8, 1 }.Select(slice =>
        {
            using Engine engine = TinyModel.Load(device, Repository.Fixture("qwen3-moe"), slice);
            using TextSession session = engine.Begin(AttentionPlan.Decide(engine.Config, new AttentionOptions(), ids.Length), ids.Length);
            session.Append(ids);
            return session.Logits();
        })];
        foreach (float[] other in logits[1..])
            Limit.Check(logits[0], other, 2 * Limit.Logits);
    }

    /// <summary>
    /// Where two experts are nearly as likely, rounding chooses the other one, and in a random model that says something else altogether.
    /// So here each token passes all experts; then bf16 may cost no more than twice what it costs a model of the same sizes and norms
    /// that has one block in each layer.
    /// </summary>
    [Fact]
    public void BFloat16CostsWhatItCostsWithoutExperts()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ilgpudca-experts");
        try
        {
            foreach (string file in Directory.GetFiles(Repository.Fixture("qwen3-moe")))
                File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
            string path = Path.Combine(folder.FullName, "config.json"), config = File.ReadAllText(path);
            Assert.Contains("\"num_experts_per_tok\": 2", config, StringComparison.Ordinal);
            File.Delete(path);
            File.WriteAllText(path, config.Replace("\"num_experts_per_tok\": 2", "\"num_experts_per_tok\": 8", StringComparison.Ordinal));
            double experts = RoundingError(folder.FullName), block = RoundingError(Repository.Fixture("qwen3-tied"));
            Assert.True(block > 0 && experts > 0 && experts <= 2 * block, $"The nll's root mean square error is {experts} with experts, {block} without.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Root mean square of what bf16 changes in a token's negative log-likelihood.</summary>
    static double RoundingError(string folder)
    {
        using ComputeDevice device = ComputeDevice.Open(DevicePreference.Cpu);
        using Golden golden = new(Path.Combine(folder, "golden.safetensors"));
        int[] ids = golden.Ids("ids");
        return Math.Sqrt(Score(ComputeMode.Float32).Zip(Score(ComputeMode.BFloat16), (exact, rounded) => Math.Pow((double)rounded - exact, 2)).Average());

        float[] Score(ComputeMode mode)
        {
            using Engine engine = TinyModel.Load(device, folder, slice: 128, mode);
            using TextSession session = engine.Begin(AttentionPlan.Decide(engine.Config, new AttentionOptions(), ids.Length), ids.Length);
            return session.Score(ids.AsSpan(0, ids.Length - 1), ids.AsSpan(1), null, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void GeneratedTokensAreTheLikeliestOfARecomputedText()
    {
        using ComputeDevice device = ComputeDevice.Open(DevicePreference.Cpu);
        using Engine engine = TinyModel.Load(device, Repository.Fixture("qwen3-moe"), slice: 32);
        AttentionPlan plan = AttentionPlan.Decide(engine.Config, new AttentionOptions(), 60);
        int[] prompt = [.. Enumerable.Range(3, 40)];
        using TextSession session = engine.Begin(plan, 60);
        session.Append(prompt);
        int[] drawn = [.. TextGenerator.Generate(session, 12, SamplingOptions.Greedy, [], TestContext.Current.CancellationToken)];
        Assert.Equal(12, drawn.Length);
        int[] text = [.. prompt, .. drawn];
        for (int k = 0; k < drawn.Length; k++)
        {
            using TextSession again = engine.Begin(plan, 60);
            again.Append(text.AsSpan(0, prompt.Length + k));
            float[] logits = again.Logits();
            // Equal but for the order of sums.
            Assert.True(logits[drawn[k]] >= logits.Max() - 2 * Limit.Logits, $"Token {k} is {drawn[k]}, expected {Array.IndexOf(logits, logits.Max())}.");
        }
    }
}
