using System.Buffers.Binary;
using System.Text;
using IlgpuDca.Loader;

namespace IlgpuDca.Model.Tests;

/// <summary>A model that our own writer has quantised: a GGUF file in a folder of its own.</summary>
sealed class QuantizedModel : IDisposable
{
    const int Vocabulary = 4_096, Hidden = 256, Heads = 4, KeyValueHeads = 2, HeadDim = 64, Intermediate = 256, Layers = 2;

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ilgpudca-quantised");

    QuantizedModel(TensorType type, Action<string> fill)
    {
        fill(_folder.FullName);
        File.Copy(Path.Combine(Repository.TinyModel, SentencePieceTokenizer.FileName), Path.Combine(_folder.FullName, SentencePieceTokenizer.FileName));
        ModelSource source = ModelSource.FromFolder(_folder.FullName);
        string path = Path.Combine(_folder.FullName, "model.gguf");
        using (LlamaFiles plain = LlamaFiles.Open(source))
            GgufConversion.Write(source, plain, type, path);
        Files = LlamaFiles.Open(ModelSource.FromPath(path));
    }

    /// <summary>A random Qwen3 model whose every row is whole blocks of every type.</summary>
    /// <param name="type">What its matrices are written as.</param>
    /// <param name="experts">Experts of each layer, of which a token passes two; 0: one block.</param>
    /// <param name="isTied">Whether the embedding is the output matrix.</param>
    public static QuantizedModel Random(TensorType type, int experts, bool isTied) => new(type, folder =>
    {
        string name = experts > 0 ? "Qwen3Moe" : "Qwen3";
        string more = experts > 0 ? $"\"num_experts\":{experts},\"num_experts_per_tok\":2,\"moe_intermediate_size\":{Intermediate},\"norm_topk_prob\":true," : "";
        File.WriteAllText(Path.Combine(folder, "config.json"), $$"""
            {"architectures":["{{name}}ForCausalLM"],"vocab_size":{{Vocabulary}},"hidden_size":{{Hidden}},"intermediate_size":{{Intermediate}},
            "num_hidden_layers":{{Layers}},"num_attention_heads":{{Heads}},"num_key_value_heads":{{KeyValueHeads}},"head_dim":{{HeadDim}},{{more}}
            "hidden_act":"silu","max_position_embeddings":512,"rms_norm_eps":1e-6,"rope_theta":1000000.0,
            "tie_word_embeddings":{{(isTied ? "true" : "false")}},"bos_token_id":1,"eos_token_id":2}
            """);
        File.WriteAllBytes(Path.Combine(folder, "model.safetensors"), Weights([.. Tensors(experts, isTied)]));
    });

    /// <summary>A fixture; where its rows are no whole blocks, matrices are not quantised.</summary>
    public static QuantizedModel OfFixture(string name, TensorType type) => new(type, folder =>
    {
        foreach (string file in Directory.GetFiles(Repository.Fixture(name)))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        File.Delete(Path.Combine(folder, "golden.safetensors"));
    });

    public LlamaFiles Files { get; }

    public void Dispose()
    {
        Files.Dispose();
        _folder.Delete(recursive: true);
    }

    static IEnumerable<(string Name, int[] Shape)> Tensors(int experts, bool isTied)
    {
        yield return ("model.embed_tokens.weight", [Vocabulary, Hidden]);
        yield return ("model.norm.weight", [Hidden]);
        if (!isTied)
            yield return ("lm_head.weight", [Vocabulary, Hidden]);
        for (int layer = 0; layer < Layers; layer++)
        {
            string prefix = $"model.layers.{layer}.";
            yield return (prefix + "input_layernorm.weight", [Hidden]);
            yield return (prefix + "post_attention_layernorm.weight", [Hidden]);
            yield return (prefix + "self_attn.q_proj.weight", [Heads * HeadDim, Hidden]);
            yield return (prefix + "self_attn.k_proj.weight", [KeyValueHeads * HeadDim, Hidden]);
            yield return (prefix + "self_attn.v_proj.weight", [KeyValueHeads * HeadDim, Hidden]);
            yield return (prefix + "self_attn.o_proj.weight", [Hidden, Heads * HeadDim]);
            yield return (prefix + "self_attn.q_norm.weight", [HeadDim]);
            yield return (prefix + "self_attn.k_norm.weight", [HeadDim]);
            if (experts > 0)
                yield return (prefix + "mlp.gate.weight", [experts, Hidden]);
            foreach (string block in experts > 0 ? Enumerable.Range(0, experts).Select(e => $"{prefix}mlp.experts.{e}.") : [prefix + "mlp."])
            {
                yield return (block + "gate_proj.weight", [Intermediate, Hidden]);
                yield return (block + "up_proj.weight", [Intermediate, Hidden]);
                yield return (block + "down_proj.weight", [Hidden, Intermediate]);
            }
        }
    }

    /// <summary>These tensors in F32: even around 0, matrices so that they keep a vector's length on average, norms around 1.</summary>
    static byte[] Weights((string Name, int[] Shape)[] tensors)
    {
        StringBuilder header = new("{");
        long end = 0;
        foreach ((string name, int[] shape) in tensors)
        {
            long begin = end;
            end += shape.Aggregate(1L, (product, side) => product * side) * sizeof(float);
            header.Append($"{(begin > 0 ? "," : "")}\"{name}\":{{\"dtype\":\"F32\",\"shape\":[{string.Join(',', shape)}],\"data_offsets\":[{begin},{end}]}}");
        }
        byte[] json = Encoding.UTF8.GetBytes(header.Append('}').ToString()), bytes = new byte[sizeof(long) + json.Length + end];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, json.Length);
        json.CopyTo(bytes, sizeof(long));
        int at = sizeof(long) + json.Length;
        Random random = new(1);
        foreach ((_, int[] shape) in tensors)
        {
            (double mean, double reach) = shape.Length == 1 ? (1, 0.1) : (0, Math.Sqrt(3.0 / shape[1]));
            float[] values = [.. Enumerable.Range(0, shape.Aggregate(1, (product, side) => product * side)).Select(_ => (float)(mean + reach * (2 * random.NextDouble() - 1)))];
            Buffer.BlockCopy(values, 0, bytes, at, values.Length * sizeof(float));
            at += values.Length * sizeof(float);
        }
        return bytes;
    }
}
