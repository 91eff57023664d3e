using System.Text;
using Xunit;

namespace IlgpuDca.Loader.Tests;

public class LlamaTensorsTests
{
    static LlamaFiles Open(IEnumerable<(string, long[])> tensors, string? config = null) =>
        LlamaFiles.Open(SyntheticModel.Source(
            ("config.json", Encoding.UTF8.GetBytes(config ?? SyntheticModel.Config)),
            ("model.safetensors", SyntheticModel.Weights(tensors))));

    static ModelFormatException Refused(IEnumerable<(string, long[])> tensors, string? config = null) =>
        Assert.Throws<ModelFormatException>(() => Open(tensors, config));

    [Fact]
    public void CompleteModelIsAccepted()
    {
        using LlamaFiles files = Open(SyntheticModel.Tensors);
        Assert.Same(files.Tensors.Embedding, files.Tensors.Output);
        Assert.Equal("model.layers.0.mlp.down_proj.weight", files.Tensors.Layers[0].FeedForward[0].Down.Info.Name);
    }

    [Fact]
    public void EachAbsentTensorIsNamed()
    {
        foreach ((string name, _) in SyntheticModel.Tensors)
        {
            ModelFormatException error = Refused(SyntheticModel.Tensors.Where(tensor => tensor.Name != name));
            Assert.StartsWith($"memory/model.safetensors: has no '{name}'", error.Message);
        }
    }

    [Fact]
    public void EachWrongShapeIsNamed()
    {
        foreach ((string name, long[] shape) in SyntheticModel.Tensors)
        {
            long[] wrong = [.. shape[..^1], shape[^1] + 1];
            ModelFormatException error = Refused(
                SyntheticModel.Tensors.Select(tensor => tensor.Name == name ? (name, wrong) : tensor));
            Assert.Contains($"'{name}': shape is [{string.Join(", ", wrong)}]", error.Message);
            Assert.Contains($"makes it [{string.Join(", ", shape)}]", error.Message);
        }
    }

    [Fact]
    public void UntiedNeedsTheOutputMatrix()
    {
        string untied = SyntheticModel.Config.Replace("\"tie_word_embeddings\":true,", "");
        Assert.Contains("has no 'lm_head.weight'", Refused(SyntheticModel.Tensors, untied).Message);
        using LlamaFiles files = Open([.. SyntheticModel.Tensors, ("lm_head.weight", [11, 16])], untied);
        Assert.Equal("lm_head.weight", files.Tensors.Output.Info.Name);
    }

    [Fact]
    public void UnusedWeightIsRefusedButFrequenciesAreNot()
    {
        Assert.Contains("'model.layers.0.self_attn.q_proj.bias'",
            Refused([.. SyntheticModel.Tensors, ("model.layers.0.self_attn.q_proj.bias", [16])]).Message);
        using LlamaFiles files = Open(
            [.. SyntheticModel.Tensors, ("model.layers.0.self_attn.rotary_emb.inv_freq", [4])]);
    }

    [Fact]
    public void OtherTypesAreListedAndRefused()
    {
        byte[] weights = Encoding.Latin1.GetBytes(Encoding.Latin1
            .GetString(SyntheticModel.Weights(SyntheticModel.Tensors))
            .Replace("{\"dtype\":\"BF16\",\"shape\":[8,16]", "{\"dtype\":\"I16\", \"shape\":[8,16]"));
        ModelSource source = SyntheticModel.Source(
            ("config.json", Encoding.UTF8.GetBytes(SyntheticModel.Config)), ("model.safetensors", weights));
        using ModelWeights listed = ModelWeights.Open(source);
        Assert.Equal(TensorType.I16, listed.Find("model.layers.0.self_attn.k_proj.weight")!.Info.DType);
        Assert.Contains("'model.layers.0.self_attn.k_proj.weight' is I16",
            Assert.Throws<ModelFormatException>(() => LlamaFiles.Open(source)).Message);
    }

    [Fact]
    public void TinyModelIsAccepted()
    {
        using LlamaFiles files = LlamaFiles.Open(ModelSource.FromFolder(Repository.TinyModel));
        Assert.Equal(2 * 7_344_384, files.Weights.TotalBytes);
        Assert.Equal(4096, files.OpenTokenizer(ModelSource.FromFolder(Repository.TinyModel))!
            .VocabularySize);
    }
}
