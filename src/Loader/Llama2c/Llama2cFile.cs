using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;
using IlgpuDca.Loader.Quantization;

namespace IlgpuDca.Loader;

/// <summary>A model of llama2.c, version 0: seven numbers, then float32 matrices in a fixed order.</summary>
/// <remarks>
/// <code>
/// int32: dim, hidden_dim, n_layers, n_heads, n_kv_heads, vocab_size (negative: with an output matrix), seq_len
/// embedding; of all layers: attention norm, q, k, v, o, feed-forward norm, gate, down, up; final norm;
/// two RoPE tables [seq_len, head_dim / 2], which are computed here; the output matrix
/// </code>
/// Query and key rows are pairs that RoPE rotates together.
/// </remarks>
static class Llama2cFile
{
    /// <summary>The ending of such a file's name.</summary>
    public const string Ending = ".bin";

    const int HeaderNumbers = 7;

    /// <summary>"ak42": how versions 1 and 2 begin.</summary>
    const int LaterMagic = 0x616B_3432;

    static readonly ConfigNames Names = new(new Dictionary<string, string>
    {
        ["hidden_size"] = "dim, at byte 0",
        ["intermediate_size"] = "hidden_dim, at byte 4",
        ["num_hidden_layers"] = "n_layers, at byte 8",
        ["num_attention_heads"] = "n_heads, at byte 12",
        ["num_key_value_heads"] = "n_kv_heads, at byte 16",
        ["vocab_size"] = "vocab_size, at byte 20",
        ["max_position_embeddings"] = "seq_len, at byte 24",
        ["head_dim"] = "dim / n_heads",
    }, "download the file again; if it stays so, it is no llama2.c file of version 0");

    /// <summary>Opens the file; throws <see cref="ModelFormatException"/>.</summary>
    /// <param name="bytes">The file; it belongs to the weights afterwards.</param>
    public static (ModelConfig Config, ModelWeights Weights) Open(FileBytes bytes)
    {
        try
        {
            ModelConfig config = ReadConfig(bytes);
            var weights = new ModelWeights(bytes.Name);
            weights.Own(bytes);
            AddTensors(weights, bytes, config);
            return (config, weights);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    static ModelConfig ReadConfig(FileBytes bytes)
    {
        if (bytes.Length < HeaderNumbers * sizeof(int))
            throw Fault(bytes,
                $"has {bytes.Length} bytes, expected at least {HeaderNumbers * sizeof(int)} for the header");
        int[] header = new int[HeaderNumbers];
        for (int i = 0; i < HeaderNumbers; i++)
            header[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes.Span(i * sizeof(int), sizeof(int)));
        if (header[0] == LaterMagic)
            throw Fault(bytes,
                $"is of version {header[1]}, as its first number 0x{LaterMagic:X} tells, expected version 0");
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
            WriteConfig(writer, header);
        ModelConfig config = ModelConfig.Parse(bytes.Name, json.WrittenSpan.ToArray(), Names);
        // Fixed by llama2.c: id 1 begins texts, and training set it between them, so it ends one too; 2 is eos.
        return config.VocabularySize > 2 ? config with { BosId = 1, EosIds = [1, 2] } : config;
    }

    static void WriteConfig(Utf8JsonWriter writer, ReadOnlySpan<int> header)
    {
        writer.WriteStartObject();
        writer.WriteString("model_type", "llama");
        writer.WriteNumber("hidden_size", header[0]);
        writer.WriteNumber("intermediate_size", header[1]);
        writer.WriteNumber("num_hidden_layers", header[2]);
        writer.WriteNumber("num_attention_heads", header[3]);
        writer.WriteNumber("num_key_value_heads", header[4]);
        writer.WriteNumber("vocab_size", Math.Abs((long)header[5]));
        writer.WriteBoolean("tie_word_embeddings", header[5] > 0);
        writer.WriteNumber("max_position_embeddings", header[6]);
        writer.WriteNumber("rms_norm_eps", 1e-5);
        writer.WriteNumber("rope_theta", 10_000);
        writer.WriteEndObject();
    }

    static void AddTensors(ModelWeights weights, FileBytes bytes, ModelConfig config)
    {
        var cursor = new Cursor(weights, bytes, config);
        long hidden = config.HiddenSize, feedForward = config.IntermediateSize;
        cursor.Add("model.embed_tokens.weight", false, config.VocabularySize, hidden);
        cursor.AddLayers("input_layernorm.weight", false, hidden);
        cursor.AddLayers("self_attn.q_proj.weight", true, config.QueryWidth, hidden);
        cursor.AddLayers("self_attn.k_proj.weight", true, config.KeyValueWidth, hidden);
        cursor.AddLayers("self_attn.v_proj.weight", false, config.KeyValueWidth, hidden);
        cursor.AddLayers("self_attn.o_proj.weight", false, hidden, config.QueryWidth);
        cursor.AddLayers("post_attention_layernorm.weight", false, hidden);
        cursor.AddLayers("mlp.gate_proj.weight", false, feedForward, hidden);
        cursor.AddLayers("mlp.down_proj.weight", false, hidden, feedForward);
        cursor.AddLayers("mlp.up_proj.weight", false, feedForward, hidden);
        cursor.Add("model.norm.weight", false, hidden);
        cursor.Skip((long)config.MaxPositionEmbeddings * config.HeadDim);
        if (!config.TieWordEmbeddings)
            cursor.Add("lm_head.weight", false, config.VocabularySize, hidden);
        if (cursor.Position != bytes.Length)
            throw Fault(bytes, $"has {bytes.Length} bytes, but its header describes {cursor.Position}");
    }

    static ModelFormatException Fault(FileBytes bytes, string what) =>
        new(bytes.Name, $"{what}. Fix: {Names.Fix}.");

    /// <summary>Walks over the matrices; a size beyond the file is an error at once.</summary>
    sealed class Cursor(ModelWeights weights, FileBytes bytes, ModelConfig config)
    {
        public long Position { get; private set; } = HeaderNumbers * sizeof(int);

        public void AddLayers(string name, bool isRotated, params ReadOnlySpan<long> shape)
        {
            for (int layer = 0; layer < config.Layers; layer++)
                Add($"model.layers.{layer}.{name}", isRotated, shape);
        }

        public void Add(string name, bool isRotated, params ReadOnlySpan<long> shape)
        {
            long elements = 1;
            foreach (long dimension in shape)
                elements *= dimension;
            var info = new TensorInfo(
                name, TensorType.F32, ImmutableArray.Create(shape), Position, elements * sizeof(float));
            Skip(elements, name);
            weights.TryAdd(name, isRotated
                ? new InterleavedHeadsTensor(bytes, info, config.HeadDim) : new WeightTensor(bytes, info));
        }

        public void Skip(long elements, string name = "the RoPE tables")
        {
            if (elements > (bytes.Length - Position) / sizeof(float))
                throw Fault(bytes, $"at byte {Position}: '{name}' has {elements} numbers of 4 bytes, "
                    + $"but {bytes.Length - Position} bytes are left");
            Position += elements * sizeof(float);
        }
    }
}
