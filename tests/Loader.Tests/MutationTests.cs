using System.Text;
using Xunit;

namespace IlgpuDca.Loader.Tests;

/// <summary>Random damage to a valid model: the typed error or a model that can be read to its last byte.</summary>
public class MutationTests(ITestOutputHelper output)
{
    const int Cases = 20_000;
    const long MostBytes = 64 << 20;

    readonly byte[][] _files =
    [
        Encoding.UTF8.GetBytes(SyntheticModel.Config),
        SyntheticModel.Weights(SyntheticModel.Tensors),
        Encoding.UTF8.GetBytes("{\"weight_map\":{" + string.Join(',',
            SyntheticModel.Tensors.Select(tensor => $"\"{tensor.Name}\":\"1.safetensors\"")) + "}}"),
        SyntheticModel.Tokenizer([("▁", -1), ("a", -2), ("▁a", -3)]),
    ];

    [Fact]
    public void DamageGivesTheTypedErrorOrAModel()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        Load(_files);
        int loaded = 0, refused = 0;
        long worst = 0;
        for (int i = 0; i < Cases; i++)
        {
            byte[][] files = [.. _files];
            int damaged = random.Next(files.Length);
            files[damaged] = Damage.Of(random, files[damaged]);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Load(files);
                loaded++;
            }
            catch (ModelFormatException e) when (e.Message.Contains("memory/"))
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, case {i}, file {damaged}: {e}");
            }
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated <= MostBytes, $"seed {seed}, case {i}, file {damaged}: {allocated} bytes allocated");
            worst = Math.Max(worst, allocated);
        }
        output.WriteLine($"{loaded} loaded, {refused} refused, at most {worst} bytes allocated");
        Assert.True(refused > Cases / 4 && loaded > Cases / 100, $"{loaded} loaded, {refused} refused");
    }

    static void Load(byte[][] files)
    {
        ModelSource source = SyntheticModel.Source(
            ("config.json", files[0]), ("1.safetensors", files[1]), ("model.safetensors.index.json", files[2]));
        using LlamaFiles model = LlamaFiles.Open(source);
        foreach (WeightTensor tensor in model.Weights.Tensors.Values)
        {
            float[] values = new float[tensor.Info.Elements];
            tensor.ToFloat32(0, values);
        }
        // vocab_size 11 is far below the tokenizer's, so that is opened by itself.
        var tokenizer = SentencePieceTokenizer.Open(FileBytes.From("memory/tokenizer.model", files[3]));
        tokenizer.Decode(tokenizer.Encode("a aé", addBos: tokenizer.BosId is not null));
    }
}
