using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using IlgpuDca.Loader;

namespace IlgpuDca.Model.Benchmarks.Loading;

/// <summary>
/// A model folder of a config's sizes with random bf16 bits, so that loading can be measured without a download. No text can be
/// expected of it: some of the numbers are NaN.
/// </summary>
public static class RandomModelFiles
{
    const int BlockBytes = 16 << 20;

    /// <summary>Writes config.json and model.safetensors.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="config">The sizes.</param>
    /// <param name="progress">Gets the part that is done.</param>
    /// <param name="cancellation">Looked at every few megabytes.</param>
    public static void Write(string folder, ModelConfig config, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        File.WriteAllBytes(Path.Combine(folder, ModelConfig.FileName), Config(config));
        (byte[] header, long dataBytes) = Header(config);
        using FileStream file = new(Path.Combine(folder, "model.safetensors"), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        file.Write(length);
        file.Write(header);
        byte[] block = new byte[BlockBytes];
        new Random(1).NextBytes(block);
        for (long written = 0; written < dataBytes;)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = (int)Math.Min(BlockBytes, dataBytes - written);
            file.Write(block, 0, count);
            written += count;
            progress?.Report((double)written / dataBytes);
        }
    }

    static byte[] Config(ModelConfig config)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteStartArray("architectures");
            json.WriteStringValue(config.Architecture);
            json.WriteEndArray();
            json.WriteString("dtype", "bfloat16");
            json.WriteNumber("num_hidden_layers", config.Layers);
            json.WriteNumber("hidden_size", config.HiddenSize);
            json.WriteNumber("intermediate_size", config.IntermediateSize);
            json.WriteNumber("num_attention_heads", config.Heads);
            json.WriteNumber("num_key_value_heads", config.KeyValueHeads);
            json.WriteNumber("head_dim", config.HeadDim);
            json.WriteNumber("vocab_size", config.VocabularySize);
            json.WriteNumber("max_position_embeddings", config.MaxPositionEmbeddings);
            json.WriteNumber("rms_norm_eps", config.RmsNormEpsilon);
            json.WriteNumber("rope_theta", config.Rope.Theta);
            json.WriteBoolean("tie_word_embeddings", config.TieWordEmbeddings);
            if (config.Experts is { } experts)
            {
                json.WriteNumber("num_experts", experts.Count);
                json.WriteNumber("num_experts_per_tok", experts.PerToken);
                json.WriteNumber("moe_intermediate_size", experts.IntermediateSize);
                json.WriteBoolean("norm_topk_prob", experts.Renormalises);
                json.WriteNumber("decoder_sparse_step", experts.Step);
            }
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    static (byte[] Header, long DataBytes) Header(ModelConfig config)
    {
        StringBuilder header = new("{");
        long begin = 0;
        foreach ((string name, long[] shape) in Tensors(config))
        {
            long end = begin + 2 * shape.Aggregate(1L, (product, dimension) => product * dimension);
            header.Append(begin > 0 ? "," : "").Append($"\"{name}\":{{\"dtype\":\"BF16\",\"shape\":[{string.Join(',', shape)}],\"data_offsets\":[{begin},{end}]}}");
            begin = end;
        }
        return (Encoding.UTF8.GetBytes(header.Append('}').ToString()), begin);
    }

    static IEnumerable<(string Name, long[] Shape)> Tensors(ModelConfig config)
    {
        long hidden = config.HiddenSize;
        yield return ("model.embed_tokens.weight", [config.VocabularySize, hidden]);
        for (int layer = 0; layer < config.Layers; layer++)
        {
            string prefix = $"model.layers.{layer}.";
            yield return (prefix + "input_layernorm.weight", [hidden]);
            yield return (prefix + "self_attn.q_proj.weight", [config.QueryWidth, hidden]);
            yield return (prefix + "self_attn.k_proj.weight", [config.KeyValueWidth, hidden]);
            yield return (prefix + "self_attn.v_proj.weight", [config.KeyValueWidth, hidden]);
            yield return (prefix + "self_attn.o_proj.weight", [hidden, config.QueryWidth]);
            yield return (prefix + "post_attention_layernorm.weight", [hidden]);
            foreach ((string, long[]) tensor in Optional(config, prefix + "self_attn."))
                yield return tensor;
            if (!config.HasExperts(layer))
            {
                foreach ((string, long[]) tensor in FeedForward(prefix + "mlp.", config.IntermediateSize, hidden))
                    yield return tensor;
                continue;
            }
            yield return (prefix + "mlp.gate.weight", [config.Experts!.Count, hidden]);
            for (int expert = 0; expert < config.Experts.Count; expert++)
                foreach ((string, long[]) tensor in FeedForward($"{prefix}mlp.experts.{expert}.", config.Experts.IntermediateSize, hidden))
                    yield return tensor;
        }
        yield return ("model.norm.weight", [hidden]);
        if (!config.TieWordEmbeddings)
            yield return ("lm_head.weight", [config.VocabularySize, hidden]);
    }

    /// <summary>What only some architectures have.</summary>
    static IEnumerable<(string Name, long[] Shape)> Optional(ModelConfig config, string prefix)
    {
        if (config.HasQkvBias)
        {
            yield return (prefix + "q_proj.bias", [config.QueryWidth]);
            yield return (prefix + "k_proj.bias", [config.KeyValueWidth]);
            yield return (prefix + "v_proj.bias", [config.KeyValueWidth]);
        }
        if (config.HasOutputBias)
            yield return (prefix + "o_proj.bias", [config.HiddenSize]);
        if (config.HasHeadNorms)
        {
            yield return (prefix + "q_norm.weight", [config.HeadDim]);
            yield return (prefix + "k_norm.weight", [config.HeadDim]);
        }
    }

    static IEnumerable<(string Name, long[] Shape)> FeedForward(string prefix, long intermediate, long hidden) =>
    [
        (prefix + "gate_proj.weight", [intermediate, hidden]),
        (prefix + "up_proj.weight", [intermediate, hidden]),
        (prefix + "down_proj.weight", [hidden, intermediate]),
    ];
}
