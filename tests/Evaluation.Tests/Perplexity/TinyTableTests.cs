using System.Text;
using System.Text.Json;
using IlgpuDca.Model;
using IlgpuDca.Model.Tests;
using Xunit;

namespace IlgpuDca.Evaluation.Tests;

/// <summary>The perplexity table of models/tiny: 16,384 predictions of two novels, by method and length, in float32.</summary>
public sealed class TinyTableTests(ITestOutputHelper output)
{
    const int Predictions = 16_384, TextBytes = 100_000, Bos = 1;

    /// <summary>Relative: what the requirement allows.</summary>
    const double PerplexityLimit = 5e-3;

    /// <summary>Names of the reference table, with the methods that they are.</summary>
    static readonly (string Name, string Method)[] _methods =
    [
        ("dense", "plain"), ("PI", "pi"), ("NTK", "ntk"), ("YaRN", "yarn"), ("DCA", "dca"), ("DCA chunk_size 384 local 128", "dca:s=256:pmax=384"),
        ("intra only", "dca-intra"), ("intra+succ", "dca-intra-successive"), ("intra+inter", "dca-intra-inter"),
    ];

    /// <summary>One cell takes half a minute on two cores: the one whose positions no other test of the engine has.</summary>
    [Fact]
    public void OneCellIsReached() => Compare("middlemarch", 1024, "intra+inter", DevicePreference.Cpu);

    /// <summary>Set ILGPUDCA_MEASURE=1: all 108 cells, on a GPU where there is one.</summary>
    [Fact]
    public void AllCellsAreReached()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("ILGPUDCA_MEASURE") == "1", "needs ILGPUDCA_MEASURE=1");
        foreach (string novel in (string[])["middlemarch", "moby_dick"])
            foreach (int length in (int[])[512, 1024, 2048, 4096, 8192, 16_384])
                Compare(novel, length, null, DevicePreference.Auto);
    }

    /// <summary>One method of the table's, or all of them.</summary>
    void Compare(string novel, int length, string? only, DevicePreference preference)
    {
        byte[] text = File.ReadAllBytes(Repository.Shared("text", $"{novel}.txt")).AsSpan(0, TextBytes).ToArray();
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Repository.Reference("tiny-eval.json")));
        JsonElement row = document.RootElement.GetProperty("perplexity").GetProperty(novel).GetProperty($"{length}");
        using ComputeDevice device = ComputeDevice.Open(preference);
        using Engine engine = TinyModel.Load(device, Repository.TinyModel, slice: null);
        int[] ids = engine.Tokenizer!.Encode(Encoding.UTF8.GetString(text), addBos: true)[..(Predictions + 1)];
        foreach ((string name, string method) in _methods.Where(pair => only is null || pair.Name == only))
        {
            double expected = row.GetProperty(name).GetDouble();
            PerplexityResult result = Perplexity.Measure(engine, Method.Parse(method).Plan(engine.Config, length), ids, length, new PerplexitySettings(), Bos,
                cancellation: TestContext.Current.CancellationToken);
            output.WriteLine($"{novel} {length} {method}: {result.Perplexity:F4}, expected {expected}");
            Assert.Equal(Predictions, result.Tokens);
            Assert.True(Math.Abs(result.Perplexity / expected - 1) <= PerplexityLimit, $"{novel} at {length} by {method}: {result.Perplexity:R}, expected {expected}");
        }
    }
}
