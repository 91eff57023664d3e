using System.Text;
using Xunit;

namespace IlgpuDca.Loader.Tests;

/// <summary>Random damage to a model of each format: the typed error, or a model that reads to its last byte.</summary>
public class FormatMutationTests(ITestOutputHelper output)
{
    const long MostBytes = 16 << 20;

    /// <summary>By default what a test run takes; by hand ILGPUDCA_MUTATIONS says how many.</summary>
    static readonly int Cases =
        int.TryParse(Environment.GetEnvironmentVariable("ILGPUDCA_MUTATIONS"), out int cases) ? cases : 1_000;

    [Fact]
    public void Gguf()
    {
        byte[] file = GgufBuilder.Llama().Build();
        Run(random => new MemoryModelFile("x.gguf", Damage.Of(random, file)));
    }

    [Fact]
    public void Llama2c()
    {
        byte[] file = Llama2cTests.Model(untied: true);
        Run(random => new MemoryModelFile("x.bin", Damage.Of(random, file)));
    }

    [Theory]
    [InlineData(PackedModelKind.Awq)]
    [InlineData(PackedModelKind.GptqActOrder)]
    [InlineData(PackedModelKind.Float8Blocks)]
    public void Packed(PackedModelKind kind)
    {
        var model = new PackedModel(kind);
        byte[] config = Encoding.UTF8.GetBytes(model.Config), weights = model.Build();
        Run(random =>
        {
            bool isConfig = random.Next(4) == 0;
            return SyntheticModel.Source(("config.json", isConfig ? Damage.Of(random, config) : config),
                ("model.safetensors", isConfig ? weights : Damage.Of(random, weights)));
        });
    }

    void Run(Func<Random, ModelSource> damaged)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        int loaded = 0, refused = 0;
        long worst = 0;
        for (int i = 0; i < Cases; i++)
        {
            ModelSource source = damaged(random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Load(source);
                loaded++;
            }
            catch (ModelFormatException e) when (e.Message.StartsWith("memory/"))
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, case {i}: {e}");
            }
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated <= MostBytes, $"seed {seed}, case {i}: {allocated} bytes allocated");
            worst = Math.Max(worst, allocated);
        }
        output.WriteLine($"{loaded} loaded, {refused} refused, at most {worst} bytes allocated");
        Assert.True(refused > Cases / 10 && loaded > Cases / 1_000, $"{loaded} loaded, {refused} refused");
    }

    static void Load(ModelSource source)
    {
        using LlamaFiles model = LlamaFiles.Open(source);
        foreach (WeightTensor tensor in model.Weights.Tensors.Values)
        {
            tensor.ToFloat32(0, new float[tensor.Info.Elements]);
            tensor.ToBFloat16(tensor.Info.Elements / 3, new ushort[tensor.Info.Elements / 2]);
        }
        model.Metadata?.Strings("tokenizer.ggml.tokens");
    }
}
