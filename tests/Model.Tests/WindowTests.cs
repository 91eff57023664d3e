using IlgpuDca.Loader;
using IlgpuDca.Model.Attention;
using Xunit;

namespace IlgpuDca.Model.Tests;

/// <summary>Sliding windows of some layers, of all, and of none.</summary>
public sealed class WindowTests(TinyModel tiny) : IClassFixture<TinyModel>
{
    const int Tokens = 90;

    [Fact]
    public void OnlyTheLayersWithAWindowAreBound()
    {
        float[] full = Logits(null), all = Logits("""["sliding_attention","sliding_attention","sliding_attention"]"""), none = Logits("""["full_attention","full_attention","full_attention"]""");
        float[] first = Logits("""["sliding_attention","full_attention","full_attention"]"""), last = Logits("""["full_attention","full_attention","sliding_attention"]""");
        Assert.Equal(full, all);
        float[][] different = [all, none, first, last];
        for (int a = 0; a < different.Length; a++)
            for (int b = a + 1; b < different.Length; b++)
                Assert.Contains(different[a].Zip(different[b]), pair => Math.Abs(pair.First - pair.Second) > 10 * Limit.Logits);
    }

    [Fact]
    public void AWindowThatHoldsTheTextChangesNothing() =>
        Assert.Equal(Logits("""["full_attention","full_attention","full_attention"]"""), Logits("""["sliding_attention","full_attention","sliding_attention"]""", window: Tokens));

    /// <summary>The last logits of a text, after a prompt and single tokens.</summary>
    float[] Logits(string? layerTypes, int window = 64)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ilgpudca-window");
        try
        {
            File.Copy(Path.Combine(Repository.Fixture("mistral-window"), "model.safetensors"), Path.Combine(folder.FullName, "model.safetensors"));
            string config = File.ReadAllText(Path.Combine(Repository.Fixture("mistral-window"), ModelConfig.FileName));
            Assert.Contains("\"sliding_window\": 64", config, StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(folder.FullName, ModelConfig.FileName), config.Replace("\"sliding_window\": 64",
                $"\"sliding_window\": {window}{(layerTypes is null ? "" : $", \"layer_types\": {layerTypes}")}", StringComparison.Ordinal));
            using Engine engine = TinyModel.Load(tiny.Device, folder.FullName, slice: 40);
            using TextSession session = engine.Begin(AttentionPlan.Decide(engine.Config, new AttentionOptions { Mode = AttentionMode.Dense }, Tokens), Tokens);
            int[] ids = [.. Enumerable.Range(0, Tokens).Select(i => 3 + i * 37 % 300)];
            session.Append(ids.AsSpan(0, Tokens - 3));
            for (int i = Tokens - 3; i < Tokens; i++)
                session.Append(ids.AsSpan(i, 1));
            return session.Logits();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
