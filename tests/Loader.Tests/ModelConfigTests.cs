using System.Text;
using Xunit;

namespace IlgpuDca.Loader.Tests;

public class ModelConfigTests
{
    static ModelConfig Parse(string json) => ModelConfig.Parse("config.json", Encoding.UTF8.GetBytes(json));

    [Fact]
    public void TinyModelIsRead()
    {
        ModelConfig config = ModelConfig.Open(ModelSource.FromFolder(Repository.TinyModel));
        Assert.Equal((8, 256, 768, 4, 2, 64, 4096, 512), (config.Layers, config.HiddenSize, config.IntermediateSize,
            config.Heads, config.KeyValueHeads, config.HeadDim, config.VocabularySize, config.MaxPositionEmbeddings));
        Assert.Equal(384, config.DualChunk!.ChunkLength);
        Assert.Equal(511, config.DualChunk.MaxQueryPosition);
        Assert.Equal([2], config.EosIds);
        Assert.Equal("bfloat16", config.DType);
        Assert.True(config.TieWordEmbeddings);
    }

    [Theory]
    [InlineData(8192, 1024, 7168, 8192)]
    [InlineData(262144, 8192, 253952, 262144)]
    [InlineData(10, 4, 6, 10)]
    [InlineData(10, 8, 2, 3)]
    [InlineData(1, 0, 1, 1)]
    public void DualChunkIsDerived(int chunk, int local, int s, int pmax)
    {
        var config = new DualChunkConfig(chunk, local, 0);
        Assert.Equal((s, pmax), (config.ChunkLength, config.MaxQueryPosition));
    }

    [Fact]
    public void DefaultsAndNewerKeysAreRead()
    {
        ModelConfig config = Parse(SyntheticModel.Config
            .Replace("\"num_key_value_heads\":1,", "")
            .Replace("\"rope_theta\":10000.0", "\"rope_parameters\":{\"rope_theta\":5e5,\"rope_type\":\"default\"}")
            .Replace("torch_dtype", "dtype")
            .Replace("\"chunk_size\":20,\"local_size\":5", "\"sparse_attention_enabled\":true"));
        Assert.Equal((2, 8, 5e5, "bfloat16"), (config.KeyValueHeads, config.HeadDim, config.Rope.Theta, config.DType));
        Assert.Equal(new DualChunkConfig(8192, 1024, 0), config.DualChunk);
        Assert.Equal([2, 3], config.EosIds);
    }

    /// <summary>What is replaced in a valid config, by what, and the key that the message must name.</summary>
    [Theory]
    [InlineData("\"hidden_size\":16,", "", "'hidden_size'")]
    [InlineData("\"hidden_size\":16", "\"hidden_size\":\"16\"", "'hidden_size'")]
    [InlineData("\"hidden_size\":16", "\"hidden_size\":-16", "'hidden_size'")]
    [InlineData("\"hidden_size\":16", "\"hidden_size\":16.5", "'hidden_size'")]
    [InlineData("\"hidden_size\":16", "\"hidden_size\":1e300", "'hidden_size'")]
    [InlineData("\"hidden_size\":16", "\"hidden_size\":99999999999999999999", "'hidden_size'")]
    [InlineData("\"hidden_size\":16", "\"hidden_size\":18", "'head_dim'")]
    [InlineData("\"hidden_size\":16", "\"hidden_size\":15", "'num_attention_heads'")]
    [InlineData("\"hidden_size\":16", "\"hidden_size\":16,\"hidden_size\":16", "hidden_size")]
    [InlineData("\"vocab_size\":11", "\"vocab_size\":0", "'vocab_size'")]
    [InlineData("\"num_hidden_layers\":1", "\"num_hidden_layers\":2000000000", "'num_hidden_layers'")]
    [InlineData("\"num_key_value_heads\":1", "\"num_key_value_heads\":3", "'num_key_value_heads'")]
    [InlineData("\"num_key_value_heads\":1", "\"num_key_value_heads\":[1]", "'num_key_value_heads'")]
    [InlineData("\"num_key_value_heads\":1", "\"head_dim\":12", "'head_dim'")]
    [InlineData("\"num_key_value_heads\":1", "\"head_dim\":264", "'head_dim'")]
    [InlineData("\"max_position_embeddings\":64", "\"max_position_embeddings\":true", "'max_position_embeddings'")]
    [InlineData("1e-5", "NaN", "JSON")]
    [InlineData("1e-5", "-1e-5", "'rms_norm_eps'")]
    [InlineData("1e-5", "1e999", "'rms_norm_eps'")]
    [InlineData("10000.0", "0", "'rope_theta'")]
    [InlineData("10000.0", "1e400", "'rope_theta'")]
    [InlineData("10000.0", "1e4,\"rope_scaling\":{\"type\":\"longrope\",\"factor\":4}", "'rope_scaling.type'")]
    [InlineData("10000.0", "1e4,\"rope_parameters\":{\"rope_type\":\"yarn\"}", "'rope_parameters.factor'")]
    [InlineData("10000.0", "1e4,\"rope_parameters\":{\"rope_theta\":2e4}", "'rope_parameters.rope_theta'")]
    [InlineData("10000.0", "1e4,\"rope_scaling\":{\"rope_type\":\"llama3\",\"factor\":8}", "'rope_scaling.original_max_position_embeddings'")]
    [InlineData("10000.0", "1e4,\"rope_scaling\":{\"rope_type\":\"yarn\",\"factor\":4,\"beta_fast\":1}", "'rope_scaling.beta_fast'")]
    [InlineData("10000.0", "1e4,\"rope_scaling\":4", "'rope_scaling'")]
    [InlineData("[\"LlamaForCausalLM\"]", "[\"GPT2LMHeadModel\"]", "'GPT2LMHeadModel', supported: LlamaForCausalLM, MistralForCausalLM")]
    [InlineData("[\"LlamaForCausalLM\"]", "[7]", "'architectures'")]
    [InlineData("\"llama\"", "\"mistral\"", "'model_type'")]
    [InlineData("\"silu\"", "\"gelu\"", "'hidden_act'")]
    [InlineData("\"silu\"", "\"silu\",\"attention_bias\":1", "'attention_bias'")]
    [InlineData("\"silu\"", "\"silu\",\"use_sliding_window\":true", "'use_sliding_window'")]
    [InlineData("\"silu\"", "\"silu\",\"mlp_bias\":1", "'mlp_bias'")]
    [InlineData("\"silu\"", "\"silu\",\"quantization_config\":{}", "'quantization_config.quant_method'")]
    [InlineData("[2,3]", "[2,11]", "'eos_token_id'")]
    [InlineData("[2,3]", "\"2\"", "'eos_token_id'")]
    [InlineData("\"local_size\":5", "\"local_size\":20", "'dual_chunk_attention_config.local_size'")]
    [InlineData("\"local_size\":5", "\"local_size\":-1", "'dual_chunk_attention_config.local_size'")]
    [InlineData("\"chunk_size\":20", "\"chunk_size\":\"20\"", "'dual_chunk_attention_config.chunk_size'")]
    [InlineData("\"bfloat16\"", "\"\\ud800\"", "surrogate")]
    public void ValueIsRefused(string found, string replacement, string named)
    {
        Assert.Contains(found, SyntheticModel.Config);
        var error = Assert.Throws<ModelFormatException>(() => Parse(SyntheticModel.Config.Replace(found, replacement)));
        Assert.StartsWith("config.json: ", error.Message);
        Assert.Contains(named, error.Message);
        Assert.Contains("Fix: ", error.Message);
    }

    [Fact]
    public void DeepOrHugeJsonIsRefused()
    {
        Assert.Throws<ModelFormatException>(() => Parse("{\"a\":" + new string('[', 100_000)));
        Assert.Throws<ModelFormatException>(() => Parse(""));
        Assert.Throws<ModelFormatException>(() => Parse("7"));
        ModelSource source = SyntheticModel.Source((ModelConfig.FileName, new byte[5 << 20]));
        Assert.Contains("5242880", Assert.Throws<ModelFormatException>(() => ModelConfig.Open(source)).Message);
    }

    [Theory]
    [InlineData("llama-mha")]
    [InlineData("llama-gqa-bf16")]
    public void PublishedLayoutsLoad(string model)
    {
        using LlamaFiles files = LlamaFiles.Open(ModelSource.FromFolder(Repository.Shared("fixtures", "hf", model)));
        Assert.Equal((48, 64), (files.Config.DualChunk!.ChunkLength, files.Config.DualChunk.MaxQueryPosition));
        Assert.Equal(3, files.Tensors.Layers.Length);
    }

    [Theory]
    [InlineData("llama-yarn4", RopeKind.Yarn, 4)]
    [InlineData("llama-linear4", RopeKind.Linear, 4)]
    [InlineData("llama-dynamic2", RopeKind.Dynamic, 2)]
    [InlineData("llama3-rope", RopeKind.Llama3, 8)]
    [InlineData("qwen2", RopeKind.Default, 1)]
    public void ScalingsAreRead(string model, RopeKind kind, double factor)
    {
        ModelConfig config = ModelConfig.Open(ModelSource.FromFolder(Repository.Shared("fixtures", "hf", model)));
        Assert.Equal((kind, factor), (config.Rope.Kind, config.Rope.Factor));
    }

    [Theory]
    [InlineData("mistral-window", false, false, 64)]
    [InlineData("qwen2", true, false, null)]
    [InlineData("qwen3-tied", false, true, null)]
    public void TraitsAreRead(string model, bool bias, bool norms, int? window)
    {
        ModelConfig config = ModelConfig.Open(ModelSource.FromFolder(Repository.Shared("fixtures", "hf", model)));
        Assert.Equal((bias, norms, window), (config.HasQkvBias, config.HasHeadNorms, config.Window?.Tokens));
    }
}
