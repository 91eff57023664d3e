using Xunit;

namespace IlgpuDca.Loader.Tests;

/// <summary>Files that llama.cpp wrote open, with their metadata and all their tensors.</summary>
public class GgufFixtureTests
{
    [Fact]
    public void VocabularyFileHasItsMetadata()
    {
        using GgufFile file =
            GgufFile.Open(Repository.Shared("fixtures", "tokenizers", "ggml-vocab-llama-spm.gguf"));
        Assert.Empty(file.Tensors);
        Assert.Equal("llama", file.Metadata.Text("general.architecture"));
        Assert.Equal(32_000, file.Metadata.Strings("tokenizer.ggml.tokens")!.Length);
        Assert.Equal(32_000, file.Metadata.Numbers("tokenizer.ggml.scores")!.Length);
        Assert.Equal("▁the", file.Metadata.Strings("tokenizer.ggml.tokens")![278]);
        Assert.Equal(1, file.Metadata.Integer("tokenizer.ggml.bos_token_id"));
        Assert.Null(file.Metadata.Integer("absent"));
        ModelFormatException error =
            Assert.Throws<ModelFormatException>(() => file.Metadata.Flag("tokenizer.ggml.bos_token_id"));
        Assert.Contains("'tokenizer.ggml.bos_token_id' (at byte ", error.Message);
        Assert.Contains("is UInt32, expected true or false. Fix: ", error.Message);
    }

    /// <summary>File and bits of a code in its coarsest matrices.</summary>
    public static TheoryData<string, int> Quantized { get; } = new()
    {
        { "Q8_0", 8 }, { "Q6_K", 6 }, { "Q5_K_M", 5 }, { "Q5_1", 5 }, { "Q5_0", 5 }, { "Q4_K_M", 4 }, { "Q4_1", 4 },
        { "Q4_0", 4 }, { "IQ4_NL", 4 }, { "IQ4_XS", 4 }, { "Q3_K_M", 3 }, { "Q2_K", 2 },
    };

    /// <summary>
    /// A block of b-bit codes that spans at most six standard deviations σ has steps of 6σ / (2^b - 1), and rounding to
    /// steps is off by a step / √12 in the root of the mean square. A wrong order of elements is off by σ and more.
    /// </summary>
    [Theory]
    [MemberData(nameof(Quantized))]
    public void QuantizedFileIsTheTinyModel(string name, int bits)
    {
        string path = Repository.Shared("fixtures", "gguf", $"tiny-{name}.gguf");
        using LlamaFiles actual = LlamaFiles.Open(ModelSource.FromPath(path));
        using LlamaFiles expected = LlamaFiles.Open(ModelSource.FromFolder(Repository.TinyModel));
        Assert.Equal(expected.Config with { DType = null, DualChunk = null, EosIds = [] },
            actual.Config with { EosIds = [] });
        Assert.Equal(expected.Config.EosIds, actual.Config.EosIds);
        Assert.Equal(4096, actual.Metadata!.Strings("tokenizer.ggml.tokens")!.Length);
        Assert.Equal(expected.Weights.Tensors.Keys.Order(), actual.Weights.Tensors.Keys.Order());
        double limit = 6 / Math.Sqrt(12) / ((1 << bits) - 1);
        foreach ((string tensor, WeightTensor original) in expected.Weights.Tensors)
        {
            WeightTensor quantized = actual.Weights.Find(tensor)!;
            double error = RelativeError(Values(original), Values(quantized));
            if (!(error <= (quantized.Info.DType.IsBlockQuantized() ? limit : 0)))
                Assert.Fail($"{tensor} ({quantized.Info.DType}): relative error {error:g3}, expected {limit:g3}");
        }
    }

    static double RelativeError(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double error = 0, size = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            error += Math.Pow((double)actual[i] - expected[i], 2);
            size += Math.Pow(expected[i], 2);
        }
        return Math.Sqrt(error / size);
    }

    static float[] Values(WeightTensor tensor)
    {
        float[] values = new float[tensor.Info.Elements];
        tensor.ToFloat32(0, values);
        return values;
    }
}
