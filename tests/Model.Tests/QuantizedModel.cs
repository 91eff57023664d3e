using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using IlgpuDca.Loader;

namespace IlgpuDca.Model.Tests;

/// <summary>
/// A quantised model in a folder of its own: a GGUF file that our own writer has quantised, or safetensors of 8-bit
/// floats or of GPTQ.
/// </summary>
sealed class QuantizedModel : IDisposable
{
    const int Vocabulary = 4_096, Hidden = 256, Heads = 4, KeyValueHeads = 2, HeadDim = 64, Intermediate = 256;
    const int Layers = 2, Group = 64;

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ilgpudca-quantised");

    /// <param name="type">What is written as a GGUF file; null: the folder is the model.</param>
    /// <param name="fill">Puts config and weights into a folder.</param>
    QuantizedModel(TensorType? type, Action<string> fill)
    {
        fill(_folder.FullName);
        if (type is null)
        {
            Files = LlamaFiles.Open(ModelSource.FromFolder(_folder.FullName));
            return;
        }
        string tokenizer = SentencePieceTokenizer.FileName;
        File.Copy(Path.Combine(Repository.TinyModel, tokenizer), Path.Combine(_folder.FullName, tokenizer));
        ModelSource source = ModelSource.FromFolder(_folder.FullName);
        string path = Path.Combine(_folder.FullName, "model.gguf");
        using (LlamaFiles plain = LlamaFiles.Open(source))
            GgufConversion.Write(source, plain, type.Value, path);
        Files = LlamaFiles.Open(ModelSource.FromPath(path));
    }

    /// <summary>A random Qwen3 model whose every row is whole blocks of every type.</summary>
    /// <param name="type">What its matrices are written as.</param>
    /// <param name="experts">Experts of each layer, of which a token passes two; 0: one block.</param>
    /// <param name="isTied">Whether the embedding is the output matrix.</param>
    public static QuantizedModel Random(TensorType type, int experts, bool isTied) => new(type, folder =>
        Fill(folder, experts, isTied, "", (_, shape, random) => Plain(shape, random)));

    /// <summary>The same model in safetensors, matrices of its layers as 8-bit floats.</summary>
    /// <param name="strategy">block, of 128 x 128; channel; or tensor.</param>
    /// <param name="experts">As above.</param>
    public static QuantizedModel Float8(string strategy, int experts) => new(null, folder =>
    {
        string quantization = strategy == "block" ? """{"quant_method":"fp8","fmt":"e4m3","weight_block_size":[128,128]}""" : """
            {"quant_method":"compressed-tensors","format":"float-quantized",
            "config_groups":{"group_0":{"weights":{"num_bits":8,"type":"float","strategy":"NAME"}}}}
            """.Replace("NAME", strategy, StringComparison.Ordinal);
        Fill(folder, experts, false, $"\"quantization_config\":{quantization},", (name, shape, random) =>
            name.Contains("_proj") ? Float8(strategy, shape, random) : Plain(shape, random));
    });

    /// <summary>
    /// The same model in safetensors, matrices of its layers as GPTQ writes them, each input in a group of its own choice.
    /// </summary>
    /// <param name="hasOneOrder">Whether all matrices have the same order; else values have another than queries and keys.</param>
    public static QuantizedModel Gptq(bool hasOneOrder) => new(null, folder => Fill(folder, 0, false,
        $"\"quantization_config\":{{\"quant_method\":\"gptq\",\"bits\":4,\"group_size\":{Group},\"desc_act\":true,\"sym\":false}},",
        (name, shape, random) => !name.Contains("_proj") ? Plain(shape, random)
            : Gptq(shape, random, !hasOneOrder && name.Contains("v_proj") ? 2 : 1)));

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
            IEnumerable<string> ofExperts = Enumerable.Range(0, experts).Select(e => $"{prefix}mlp.experts.{e}.");
            foreach (string block in experts > 0 ? ofExperts : [prefix + "mlp."])
            {
                yield return (block + "gate_proj.weight", [Intermediate, Hidden]);
                yield return (block + "up_proj.weight", [Intermediate, Hidden]);
                yield return (block + "down_proj.weight", [Hidden, Intermediate]);
            }
        }
    }

    /// <summary>Even around 0, matrices so that they keep a vector's length on average, norms around 1.</summary>
    static (string, string, int[], byte[])[] Plain(int[] shape, Random random)
    {
        (double mean, double reach) = shape.Length == 1 ? (1, 0.1) : (0, Math.Sqrt(3.0 / shape[1]));
        float[] values = new float[shape.Aggregate(1, (product, side) => product * side)];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(mean + reach * (2 * random.NextDouble() - 1));
        return [("", "F32", shape, MemoryMarshal.AsBytes<float>(values).ToArray())];
    }

    /// <summary>Codes evenly drawn from all numbers, whose mean square is some 100², and scales.</summary>
    static (string, string, int[], byte[])[] Float8(string strategy, int[] shape, Random random)
    {
        byte[] codes = new byte[shape[0] * shape[1]];
        for (int i = 0; i < codes.Length; i++)
            codes[i] = (byte)(random.Next(127) + 128 * random.Next(2));
        bool inBlocks = strategy == "block";
        int[] blocks = inBlocks ? [shape[0] / 128, shape[1] / 128] : strategy == "channel" ? [shape[0], 1] : [1];
        float[] scales = new float[blocks.Aggregate(1, (product, side) => product * side)];
        for (int i = 0; i < scales.Length; i++)
            scales[i] = (float)((0.5 + random.NextDouble()) / 100 / Math.Sqrt(shape[1]));
        byte[] scaleBytes = MemoryMarshal.AsBytes<float>(scales).ToArray();
        return [("", "F8_E4M3", shape, codes), (inBlocks ? "_scale_inv" : "_scale", "F32", blocks, scaleBytes)];
    }

    /// <summary>Codes around their zero points; groups by an order that the seed draws.</summary>
    static (string, string, int[], byte[])[] Gptq(int[] shape, Random random, int seed)
    {
        (int outputs, int inputs) = (shape[0], shape[1]);
        int[] groups = [.. Enumerable.Range(0, inputs).Select(input => input / Group)];
        new Random(seed).Shuffle(groups);
        byte[] codes = new byte[inputs / 2 * outputs], zeros = new byte[inputs / Group * outputs / 2];
        random.NextBytes(codes);
        // Stored zero points are less by one: 7 and 8.
        for (int i = 0; i < zeros.Length; i++)
            zeros[i] = random.Next(2) == 0 ? (byte)0x77 : (byte)0x86;
        Half[] scales = [.. Enumerable.Range(0, inputs / Group * outputs)
            .Select(_ => (Half)((0.5 + random.NextDouble()) / 4.6 / Math.Sqrt(inputs)))];
        return
        [
            (".qweight", "I32", [inputs / 8, outputs], codes),
            (".qzeros", "I32", [inputs / Group, outputs / 8], zeros),
            (".scales", "F16", [inputs / Group, outputs], MemoryMarshal.AsBytes<Half>(scales).ToArray()),
            (".g_idx", "I32", [inputs], MemoryMarshal.AsBytes<int>(groups).ToArray()),
        ];
    }

    /// <summary>Writes config and weights.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="experts">Experts of each layer; 0: one block.</param>
    /// <param name="isTied">Whether the embedding is the output matrix.</param>
    /// <param name="more">More of the config.</param>
    /// <param name="draw">Makes what is stored of a tensor: names' endings, types, shapes and bytes.</param>
    static void Fill(string folder, int experts, bool isTied, string more,
        Func<string, int[], Random, (string Ending, string Type, int[] Shape, byte[] Data)[]> draw)
    {
        string name = experts > 0 ? "Qwen3Moe" : "Qwen3";
        if (experts > 0)
            more += $"\"num_experts\":{experts},\"num_experts_per_tok\":2,\"moe_intermediate_size\":{Intermediate},"
                + "\"norm_topk_prob\":true,";
        File.WriteAllText(Path.Combine(folder, "config.json"), $$"""
            {"architectures":["{{name}}ForCausalLM"],"vocab_size":{{Vocabulary}},"hidden_size":{{Hidden}},
            "intermediate_size":{{Intermediate}},"num_hidden_layers":{{Layers}},"num_attention_heads":{{Heads}},
            "num_key_value_heads":{{KeyValueHeads}},"head_dim":{{HeadDim}},{{more}}
            "hidden_act":"silu","max_position_embeddings":512,"rms_norm_eps":1e-6,"rope_theta":1000000.0,
            "tie_word_embeddings":{{(isTied ? "true" : "false")}},"bos_token_id":1,"eos_token_id":2}
            """);
        Random random = new(1);
        StringBuilder header = new("{");
        using MemoryStream data = new();
        foreach ((string tensor, int[] shape) in Tensors(experts, isTied))
            foreach ((string ending, string type, int[] stored, byte[] bytes) in draw(tensor, shape, random))
            {
                // Parts that take the place of "weight" begin with a point.
                string stem = ending.StartsWith('.') ? tensor[..^".weight".Length] : tensor;
                header.Append($"{(data.Length > 0 ? "," : "")}\"{stem}{ending}\":{{\"dtype\":\"{type}\",");
                header.Append($"\"shape\":[{string.Join(',', stored)}],\"data_offsets\":[{data.Length},{data.Length + bytes.Length}]}}");
                data.Write(bytes);
            }
        byte[] json = Encoding.UTF8.GetBytes(header.Append('}').ToString()), length = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        File.WriteAllBytes(Path.Combine(folder, "model.safetensors"), [.. length, .. json, .. data.ToArray()]);
    }
}
