using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;

namespace IlgpuDca.Loader.Tests;

/// <summary>A one-layer Llama, its files as bytes, small enough to damage in every way.</summary>
static class SyntheticModel
{
    public const string Config = """
        {"architectures":["LlamaForCausalLM"],"model_type":"llama","vocab_size":11,"hidden_size":16,
        "intermediate_size":24,"num_hidden_layers":1,"num_attention_heads":2,"num_key_value_heads":1,
        "hidden_act":"silu","max_position_embeddings":64,"rms_norm_eps":1e-5,"rope_theta":10000.0,
        "tie_word_embeddings":true,"bos_token_id":1,"eos_token_id":[2,3],"torch_dtype":"bfloat16",
        "dual_chunk_attention_config":{"chunk_size":20,"local_size":5}}
        """;

    public static (string Name, long[] Shape)[] Tensors { get; } =
    [
        ("model.embed_tokens.weight", [11, 16]),
        ("model.layers.0.input_layernorm.weight", [16]),
        ("model.layers.0.self_attn.q_proj.weight", [16, 16]),
        ("model.layers.0.self_attn.k_proj.weight", [8, 16]),
        ("model.layers.0.self_attn.v_proj.weight", [8, 16]),
        ("model.layers.0.self_attn.o_proj.weight", [16, 16]),
        ("model.layers.0.post_attention_layernorm.weight", [16]),
        ("model.layers.0.mlp.gate_proj.weight", [24, 16]),
        ("model.layers.0.mlp.up_proj.weight", [24, 16]),
        ("model.layers.0.mlp.down_proj.weight", [16, 24]),
        ("model.norm.weight", [16]),
    ];

    /// <summary>A safetensors file of the given header and data.</summary>
    public static byte[] File(string header, int dataBytes)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] file = new byte[8 + json.Length + dataBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)json.Length);
        json.CopyTo(file, 8);
        for (int i = 8 + json.Length; i < file.Length; i++)
            file[i] = (byte)(i * 37);
        return file;
    }

    /// <summary>These tensors as BF16, one after the other.</summary>
    public static byte[] Weights(IEnumerable<(string Name, long[] Shape)> tensors)
    {
        var header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
        long begin = 0;
        foreach ((string name, long[] shape) in tensors)
        {
            long end = begin + 2 * shape.Aggregate(1L, (product, dimension) => product * dimension);
            header.Append($",\"{name}\":{{\"dtype\":\"BF16\",\"shape\":[{string.Join(',', shape)}],");
            header.Append($"\"data_offsets\":[{begin},{end}]}}");
            begin = end;
        }
        return File(header.Append("}  ").ToString(), (int)begin);
    }

    /// <summary>A tokenizer.model of the Llama-2 recipe: unk, bos, eos, 256 bytes, the given normal pieces.</summary>
    public static byte[] Tokenizer(
        IEnumerable<(string Text, float Score)> normal, int modelType = 2, bool byteFallback = true,
        bool removesWhitespace = false, int bosId = 1, int bytePieces = 256)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            WritePiece(output, "<unk>", 0, 2);
            WritePiece(output, "<s>", 0, 3);
            WritePiece(output, "</s>", 0, 3);
            for (int value = 0; value < bytePieces; value++)
                WritePiece(output, $"<0x{value:X2}>", 0, 6);
            foreach ((string text, float score) in normal)
                WritePiece(output, text, score, 1);
            WriteMessage(output, 2, trainer =>
            {
                WriteNumber(trainer, 3, modelType);
                WriteNumber(trainer, 35, byteFallback ? 1 : 0);
                WriteNumber(trainer, 41, bosId);
            });
            WriteMessage(output, 3, normalizer => WriteNumber(normalizer, 4, removesWhitespace ? 1 : 0));
        }
        return stream.ToArray();
    }

    static void WritePiece(CodedOutputStream output, string text, float score, int kind) =>
        WriteMessage(output, 1, piece =>
        {
            piece.WriteTag(1, WireFormat.WireType.LengthDelimited);
            piece.WriteString(text);
            piece.WriteTag(2, WireFormat.WireType.Fixed32);
            piece.WriteFloat(score);
            WriteNumber(piece, 3, kind);
        });

    static void WriteNumber(CodedOutputStream output, int field, int value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt32(value);
    }

    static void WriteMessage(CodedOutputStream output, int field, Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var inner = new CodedOutputStream(stream, leaveOpen: true))
            write(inner);
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(stream.ToArray()));
    }

    /// <summary>A source of these files, in memory.</summary>
    public static ModelSource Source(params (string File, byte[] Bytes)[] files) =>
        ModelSource.FromStreams("memory", name =>
            files.FirstOrDefault(file => file.File == name).Bytes is { } bytes ? new MemoryStream(bytes) : null);
}
