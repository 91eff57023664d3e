using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using IlgpuDca.Kernels;
using IlgpuDca.Loader;

namespace IlgpuDca.Verification;

/// <summary>The files of a small Llama with random bf16 weights, in memory: two layers, GQA, heads of 128.</summary>
static class RandomLlama
{
    public const int Vocabulary = 2000;
    const int Hidden = 512, Heads = 4, KvHeads = 2, HeadSize = 128, Intermediate = 1032, Layers = 2;

    /// <summary>config.json and model.safetensors.</summary>
    public static ModelSource Source(Inputs inputs)
    {
        string config = string.Create(CultureInfo.InvariantCulture, $$"""
            {"architectures":["LlamaForCausalLM"],"model_type":"llama","vocab_size":{{Vocabulary}},"hidden_size":{{Hidden}},
            "intermediate_size":{{Intermediate}},"num_hidden_layers":{{Layers}},"num_attention_heads":{{Heads}},"num_key_value_heads":{{KvHeads}},
            "hidden_act":"silu","max_position_embeddings":4096,"rms_norm_eps":1e-5,"rope_theta":10000.0,
            "tie_word_embeddings":false,"bos_token_id":1,"eos_token_id":2,"torch_dtype":"bfloat16"}
            """);
        Dictionary<string, byte[]> files = new()
        {
            ["config.json"] = Encoding.UTF8.GetBytes(config),
            ["model.safetensors"] = Weights(inputs),
        };
        return ModelSource.FromStreams("a random model", name => files.TryGetValue(name, out byte[]? bytes) ? new MemoryStream(bytes) : null);
    }

    static byte[] Weights(Inputs inputs)
    {
        List<(string Name, long[] Shape)> tensors = [("model.embed_tokens.weight", [Vocabulary, Hidden]), ("model.norm.weight", [Hidden]), ("lm_head.weight", [Vocabulary, Hidden])];
        for (int layer = 0; layer < Layers; layer++)
        {
            string prefix = $"model.layers.{layer}.";
            tensors.AddRange(
            [
                (prefix + "input_layernorm.weight", [Hidden]),
                (prefix + "self_attn.q_proj.weight", [Heads * HeadSize, Hidden]),
                (prefix + "self_attn.k_proj.weight", [KvHeads * HeadSize, Hidden]),
                (prefix + "self_attn.v_proj.weight", [KvHeads * HeadSize, Hidden]),
                (prefix + "self_attn.o_proj.weight", [Hidden, Heads * HeadSize]),
                (prefix + "post_attention_layernorm.weight", [Hidden]),
                (prefix + "mlp.gate_proj.weight", [Intermediate, Hidden]),
                (prefix + "mlp.up_proj.weight", [Intermediate, Hidden]),
                (prefix + "mlp.down_proj.weight", [Hidden, Intermediate]),
            ]);
        }
        StringBuilder header = new("{\"__metadata__\":{\"format\":\"pt\"}");
        long end = 0;
        foreach ((string name, long[] shape) in tensors)
        {
            long begin = end;
            end += 2 * shape.Aggregate(1L, (product, size) => product * size);
            header.Append(CultureInfo.InvariantCulture, $",\"{name}\":{{\"dtype\":\"BF16\",\"shape\":[{string.Join(',', shape)}],\"data_offsets\":[{begin},{end}]}}");
        }
        byte[] json = Encoding.UTF8.GetBytes(header.Append('}').ToString());
        byte[] file = new byte[8 + json.Length + end];
        BinaryPrimitives.WriteInt64LittleEndian(file, json.Length);
        json.CopyTo(file, 8);
        int at = 8 + json.Length;
        foreach ((_, long[] shape) in tensors)
        {
            // Gains around 1; matrices so that a product keeps its input's size.
            long elements = shape.Aggregate(1L, (product, size) => product * size);
            float[] values = shape.Length == 1 ? inputs.Normal(elements, 0.1, 1) : inputs.Normal(elements, 1 / Math.Sqrt(shape[1]));
            foreach (float value in values)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), BFloat16.FromFloat(value).Bits);
                at += 2;
            }
        }
        return file;
    }
}
