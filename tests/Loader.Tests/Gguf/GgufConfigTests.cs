using System.Text;
using System.Text.Json;
using Xunit;

namespace IlgpuDca.Loader.Tests;

/// <summary>GGUF's metadata in the words of config.json.</summary>
public class GgufConfigTests
{
    [Fact]
    public void MixtureOfExpertsHasItsKeys()
    {
        var builder = new GgufBuilder();
        builder.Set("general.architecture", "qwen3moe");
        builder.Set("qwen3moe.block_count", 48u);
        builder.Set("qwen3moe.embedding_length", 2048u);
        builder.Set("qwen3moe.feed_forward_length", 6144u);
        builder.Set("qwen3moe.attention.head_count", 32u);
        builder.Set("qwen3moe.attention.head_count_kv", [4u, 4u, 4u]);
        builder.Set("qwen3moe.attention.key_length", 128u);
        builder.Set("qwen3moe.attention.value_length", 128u);
        builder.Set("qwen3moe.attention.layer_norm_rms_epsilon", 1e-6f);
        builder.Set("qwen3moe.context_length", 40960u);
        builder.Set("qwen3moe.expert_count", 128u);
        builder.Set("qwen3moe.expert_used_count", 8u);
        builder.Set("qwen3moe.expert_feed_forward_length", 768u);
        builder.Set("qwen3moe.rope.freq_base", 1e6f);
        builder.Set("qwen3moe.rope.scaling.type", "yarn");
        builder.Set("qwen3moe.rope.scaling.factor", 4f);
        builder.Set("qwen3moe.rope.scaling.original_context_length", 32768u);
        builder.Set("tokenizer.ggml.bos_token_id", 6u);
        builder.Set("tokenizer.ggml.eos_token_id", 7u);
        builder.Set("tokenizer.ggml.eot_token_id", 8u);
        builder.Set("tokenizer.ggml.eom_token_id", uint.MaxValue);
        builder.Add("token_embd.weight", 0, 4, 9);
        Assert.Equal(Normal("""
            {"architectures":["Qwen3MoeForCausalLM"],"model_type":"qwen3_moe","num_hidden_layers":48,"hidden_size":2048,
            "intermediate_size":6144,"num_attention_heads":32,"num_key_value_heads":4,"head_dim":128,
            "max_position_embeddings":40960,"rms_norm_eps":1E-06,"vocab_size":9,"num_experts":128,
            "num_experts_per_tok":8,"moe_intermediate_size":768,"norm_topk_prob":true,"decoder_sparse_step":1,
            "rope_theta":1000000,"rope_scaling":{"rope_type":"yarn","factor":4,
            "original_max_position_embeddings":32768},"bos_token_id":6,"eos_token_id":[7,8],
            "tie_word_embeddings":true}
            """), Translated(builder));
    }

    [Fact]
    public void LlamaThreeScalingIsFoundInItsFactors()
    {
        GgufBuilder builder = GgufBuilder.Llama();
        builder.Set("llama.rope.freq_base", 500_000f);
        GgufBuilderTensor factors = builder.Add("rope_freqs.weight", 0, GgufBuilder.HeadDim / 2);
        for (int pair = 0; pair < GgufBuilder.HeadDim / 2; pair++)
        {
            // The published formula with factor 32, low 1, high 4, original length 8192.
            double wave = 2 * Math.PI * Math.Pow(500_000, pair / (GgufBuilder.HeadDim / 2.0));
            double smooth = Math.Clamp((8192 / wave - 1) / 3, 0, 1);
            BitConverter.TryWriteBytes(factors.Data.AsSpan(4 * pair), (float)(1 / ((1 - smooth) / 32 + smooth)));
        }
        Assert.Contains("\"rope_scaling\":" + Normal("""
            {"rope_type":"llama3","factor":32,"low_freq_factor":1,"high_freq_factor":4,
            "original_max_position_embeddings":8192}
            """), Translated(builder));
        factors.Data[6] ^= 0x40;
        var error = Assert.Throws<ModelFormatException>(() => Translated(builder));
        Assert.Contains("'rope_freqs.weight' (at byte ", error.Message);
    }

    [Fact]
    public void DualChunkComesFromBesideTheFile()
    {
        byte[] file = GgufBuilder.Llama().Build();
        using (LlamaFiles files = LlamaFiles.Open(new MemoryModelFile("x.gguf", file,
            ("dca.json", """{"chunk_size":20,"local_size":5}"""u8.ToArray()))))
            Assert.Equal(new DualChunkConfig(20, 5, 0), files.Config.DualChunk);
        foreach ((string json, string named) in new[]
        {
            ("""{"chunk":20}""", "memory/dca.json: has the key 'chunk'"),
            ("""{"chunk_size":"a"}""", "'chunk_size' of 'dca.json' is \"a\""),
            ("[]", "memory/dca.json: holds a JSON Array"),
        })
        {
            var error = Assert.Throws<ModelFormatException>(() => LlamaFiles.Open(
                new MemoryModelFile("x.gguf", file, ("dca.json", Encoding.UTF8.GetBytes(json)))));
            Assert.Contains(named, error.Message);
        }
    }

    static string Translated(GgufBuilder builder)
    {
        using GgufFile file = GgufFile.Open(FileBytes.From("x.gguf", builder.Build()));
        Dictionary<string, WeightTensor> tensors =
            file.Tensors.Values.ToDictionary(info => info.Name, info => new WeightTensor(file.Bytes, info));
        (byte[] json, _) = GgufConfig.Translate(
            file.Metadata, GgufArchitecture.Of(file.Metadata), tensors, SyntheticModel.Source());
        return Encoding.UTF8.GetString(json);
    }

    static string Normal(string json) => JsonSerializer.Serialize(JsonDocument.Parse(json).RootElement);
}
