using System.Text;

namespace IlgpuDca.Loader.Tests;

/// <summary>Writes a GGUF file of a small Llama, or a wrong one: every number can be replaced.</summary>
sealed class GgufBuilder
{
    public const int Hidden = 32, FeedForward = 64, HeadDim = 16, Heads = 2, KeyValueHeads = 1, Vocabulary = 11;

    const uint F32 = 0, F16 = 1, Q4Zero = 2, Q8Zero = 8;

    public uint Magic { get; set; } = 0x4655_4747;

    public uint Version { get; set; } = 3;

    public ulong? TensorCount { get; set; }

    public ulong? KeyCount { get; set; }

    public int Alignment { get; set; } = 32;

    /// <summary>Bytes that are cut off at the end.</summary>
    public int Cut { get; set; }

    public List<(byte[] Key, ulong? KeyLength, uint Type, byte[] Payload)> Values { get; } = [];

    public List<GgufBuilderTensor> Tensors { get; } = [];

    /// <summary>A whole model; its matrices are of four types.</summary>
    public static GgufBuilder Llama()
    {
        var builder = new GgufBuilder();
        builder.Set("general.architecture", "llama");
        builder.Set("llama.block_count", 1u);
        builder.Set("llama.embedding_length", (uint)Hidden);
        builder.Set("llama.feed_forward_length", (uint)FeedForward);
        builder.Set("llama.attention.head_count", (uint)Heads);
        builder.Set("llama.attention.head_count_kv", (uint)KeyValueHeads);
        builder.Set("llama.context_length", 64u);
        builder.Set("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        builder.Set("llama.rope.freq_base", 10_000f);
        builder.Set("llama.rope.dimension_count", (uint)HeadDim);
        builder.Set("tokenizer.ggml.tokens", Enumerable.Range(0, Vocabulary).Select(id => $"t{id}").ToArray());
        builder.Set("tokenizer.ggml.bos_token_id", 1u);
        builder.Set("tokenizer.ggml.eos_token_id", 2u);
        builder.Add("token_embd.weight", F16, Hidden, Vocabulary);
        builder.Add("output_norm.weight", F32, Hidden);
        builder.Add("blk.0.attn_norm.weight", F32, Hidden);
        builder.Add("blk.0.attn_q.weight", Q8Zero, Hidden, Heads * HeadDim);
        builder.Add("blk.0.attn_k.weight", Q4Zero, Hidden, KeyValueHeads * HeadDim);
        builder.Add("blk.0.attn_v.weight", Q4Zero, Hidden, KeyValueHeads * HeadDim);
        builder.Add("blk.0.attn_output.weight", Q8Zero, Heads * HeadDim, Hidden);
        builder.Add("blk.0.ffn_norm.weight", F32, Hidden);
        builder.Add("blk.0.ffn_gate.weight", Q4Zero, Hidden, FeedForward);
        builder.Add("blk.0.ffn_up.weight", Q8Zero, Hidden, FeedForward);
        builder.Add("blk.0.ffn_down.weight", F16, FeedForward, Hidden);
        return builder;
    }

    public void Set(string key, string value) => Put(key, 8, Text(value));

    public void Set(string key, uint value) => Put(key, 4, BitConverter.GetBytes(value));

    public void Set(string key, float value) => Put(key, 6, BitConverter.GetBytes(value));

    public void Set(string key, uint[] values) =>
        Put(key, 9, [.. ArrayHead(4, values.Length), .. values.SelectMany(BitConverter.GetBytes)]);

    public void Set(string key, string[] values) =>
        Put(key, 9, [.. ArrayHead(8, values.Length), .. values.SelectMany(Text)]);

    /// <summary>Replaces a value by one of any type and bytes, or adds it.</summary>
    public void Put(string key, uint type, byte[] payload)
    {
        Values.RemoveAll(value => value.Key.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(key)));
        Values.Add((Encoding.UTF8.GetBytes(key), null, type, payload));
    }

    public void Remove(string key) =>
        Values.RemoveAll(value => value.Key.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(key)));

    public GgufBuilderTensor Tensor(string name) => Tensors.First(tensor => tensor.Name == name);

    /// <param name="name">GGUF's.</param>
    /// <param name="type">GGUF's number.</param>
    /// <param name="dimensions">Fastest first.</param>
    public GgufBuilderTensor Add(string name, uint type, params ulong[] dimensions)
    {
        ulong elements = dimensions.Aggregate(1ul, (product, dimension) => product * dimension);
        (int step, ulong block) = type switch
        {
            F32 => (4, 1ul),
            F16 => (2, 1ul),
            Q4Zero => (18, 32ul),
            _ => (34, 32ul),
        };
        byte[] data = new byte[elements / block * (ulong)step];
        for (int i = 0; i < data.Length; i++)
            data[i] = (byte)(i * 37 + Tensors.Count);
        // The top byte of scales and of floats is small, so that all values are finite.
        for (int i = type == F32 ? 3 : 1; i < data.Length; i += step)
            data[i] = 0x3C;
        var tensor = new GgufBuilderTensor { Name = name, Type = type, Dimensions = dimensions, Data = data };
        Tensors.Add(tensor);
        return tensor;
    }

    public byte[] Build()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(TensorCount ?? (ulong)Tensors.Count);
        writer.Write(KeyCount ?? (ulong)Values.Count);
        foreach ((byte[] key, ulong? length, uint type, byte[] payload) in Values)
        {
            writer.Write(length ?? (ulong)key.Length);
            writer.Write(key);
            writer.Write(type);
            writer.Write(payload);
        }
        long offset = 0;
        foreach (GgufBuilderTensor tensor in Tensors)
        {
            writer.Write(Text(tensor.Name));
            writer.Write(tensor.DimensionCount ?? (uint)tensor.Dimensions.Length);
            foreach (ulong dimension in tensor.Dimensions)
                writer.Write(dimension);
            writer.Write(tensor.Type);
            writer.Write(tensor.Offset ?? (ulong)offset);
            offset += (tensor.Data.Length + Alignment - 1) / Alignment * Alignment;
        }
        foreach (GgufBuilderTensor tensor in Tensors)
        {
            writer.Write(new byte[(Alignment - stream.Length % Alignment) % Alignment]);
            writer.Write(tensor.Data);
            writer.Flush();
        }
        byte[] file = stream.ToArray();
        return file[..Math.Max(0, file.Length - Cut)];
    }

    static byte[] ArrayHead(uint type, int count) =>
        [.. BitConverter.GetBytes(type), .. BitConverter.GetBytes((ulong)count)];

    static byte[] Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return [.. BitConverter.GetBytes((ulong)utf8.Length), .. utf8];
    }
}
