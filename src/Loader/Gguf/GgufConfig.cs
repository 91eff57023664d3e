using System.Buffers;
using System.Text.Json;

namespace IlgpuDca.Loader;

/// <summary>Translates a GGUF file's metadata into the keys of config.json, which one code reads and checks.</summary>
sealed class GgufConfig
{
    /// <summary>The file beside a GGUF file that gives its dual_chunk_attention_config.</summary>
    public const string DualChunkFile = "dca.json";

    const int LargestDualChunkFile = 1 << 16;
    const string Prefix = "tokenizer.ggml.";

    /// <summary>What absent ids are written as.</summary>
    const long NoId = uint.MaxValue;

    readonly GgufMetadata _metadata;
    readonly GgufArchitecture _architecture;
    readonly IReadOnlyDictionary<string, WeightTensor> _tensors;
    readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    readonly ArrayBufferWriter<byte> _json = new();
    readonly Utf8JsonWriter _writer;

    GgufConfig(GgufMetadata metadata, GgufArchitecture architecture, IReadOnlyDictionary<string, WeightTensor> tensors)
    {
        (_metadata, _architecture, _tensors) = (metadata, architecture, tensors);
        _writer = new Utf8JsonWriter(_json);
    }

    /// <summary>Reads the config; throws <see cref="ModelFormatException"/>, which names GGUF's keys.</summary>
    /// <param name="file">The file with the metadata, as messages call it.</param>
    /// <param name="metadata">Its metadata.</param>
    /// <param name="architecture">Its architecture.</param>
    /// <param name="tensors">All tensors by GGUF's names.</param>
    /// <param name="source">Where dca.json may lie.</param>
    public static ModelConfig Read(string file, GgufMetadata metadata, GgufArchitecture architecture,
        IReadOnlyDictionary<string, WeightTensor> tensors, ModelSource source)
    {
        (byte[] json, ConfigNames names) = Translate(metadata, architecture, tensors, source);
        return ModelConfig.Parse(file, json, names);
    }

    /// <summary>The config.json that says the same, and GGUF's names of its keys.</summary>
    public static (byte[] Json, ConfigNames Names) Translate(GgufMetadata metadata, GgufArchitecture architecture,
        IReadOnlyDictionary<string, WeightTensor> tensors, ModelSource source)
    {
        var config = new GgufConfig(metadata, architecture, tensors);
        byte[] json = config.Write(source);
        return (json, new ConfigNames(config._names, "download the file again, or use a model of a supported kind"));
    }

    byte[] Write(ModelSource source)
    {
        RefuseUnsupported();
        _writer.WriteStartObject();
        _writer.WriteStartArray("architectures");
        _writer.WriteStringValue(_architecture.ClassName);
        _writer.WriteEndArray();
        _writer.WriteString("model_type", _architecture.ModelType);
        _names["architectures"] = _names["model_type"] = "general.architecture";
        Sizes();
        Experts();
        new GgufRope(_metadata, _architecture.Name, _tensors.GetValueOrDefault(GgufNames.RopeFactors), _names, _writer)
            .Write();
        Ids();
        if (_architecture.ModelType == "llama" && _tensors.ContainsKey("blk.0.attn_q.bias"))
        {
            _writer.WriteBoolean("attention_bias", true);
            _writer.WriteBoolean(ModelConfig.OutputBiasKey, _tensors.ContainsKey("blk.0.attn_output.bias"));
        }
        _writer.WriteBoolean("tie_word_embeddings", !_tensors.ContainsKey(GgufNames.Output));
        DualChunk(source);
        _writer.WriteEndObject();
        _writer.Flush();
        return _json.WrittenSpan.ToArray();
    }

    /// <summary>Settings of related architectures that would change the result if they were passed over.</summary>
    void RefuseUnsupported()
    {
        foreach (string key in (string[])["embedding_scale", "residual_scale", "logit_scale", "attention.scale",
            "attention.clamp_kqv", "attention.max_alibi_bias", "attention.temperature_scale", "final_logit_softcapping",
            "attn_logit_softcapping"])
        {
            if (_metadata.Has(Key(key)))
                throw _metadata.Fault(Key(key), "is set, which is not supported, expected a model without it");
        }
        if (_metadata.Flag(Key("use_parallel_residual")) is true)
            throw _metadata.Fault(Key("use_parallel_residual"), "is true, which is not supported, expected false");
    }

    void Sizes()
    {
        Whole("num_hidden_layers", "block_count");
        Whole("hidden_size", "embedding_length");
        Whole("intermediate_size", _metadata.Has(Key("feed_forward_length")) || !IsMoe
            ? "feed_forward_length" : "expert_feed_forward_length");
        Whole("num_attention_heads", "attention.head_count");
        Whole("num_key_value_heads", "attention.head_count_kv");
        Whole("head_dim", "attention.key_length");
        Whole("max_position_embeddings", "context_length");
        if (Whole("sliding_window", "attention.sliding_window"))
            _writer.WriteBoolean("use_sliding_window", true);
        Real("rms_norm_eps", "attention.layer_norm_rms_epsilon");
        if (_metadata.Integer(Key("attention.value_length")) is { } value
            && _metadata.Integer(Key("attention.key_length")) is { } key && key != value)
            throw _metadata.Fault(Key("attention.value_length"),
                $"is {value}, but {Key("attention.key_length")} is {key}, expected one number");
        _names["vocab_size"] = $"rows of {GgufNames.Embedding}";
        if (_tensors.GetValueOrDefault(GgufNames.Embedding) is { Info.Shape: { Length: 2 } shape })
            _writer.WriteNumber("vocab_size", shape[0]);
    }

    bool IsMoe => _architecture.Name == "qwen3moe";

    void Experts()
    {
        if (!IsMoe)
            return;
        Whole("num_experts", "expert_count");
        Whole("num_experts_per_tok", "expert_used_count");
        Whole("moe_intermediate_size", "expert_feed_forward_length");
        // llama.cpp's graph of this architecture always renormalises and has experts in every layer.
        _writer.WriteBoolean("norm_topk_prob", true);
        _writer.WriteNumber("decoder_sparse_step", 1);
    }

    void Ids()
    {
        if (Id("bos_token_id") is { } bos)
            _writer.WriteNumber("bos_token_id", bos);
        _names["bos_token_id"] = Prefix + "bos_token_id";
        _names["eos_token_id"] = Prefix + "eos_token_id";
        _writer.WriteStartArray("eos_token_id");
        long?[] ends = [Id("eos_token_id"), Id("eot_token_id"), Id("eom_token_id")];
        foreach (long id in ends.OfType<long>().Distinct())
            _writer.WriteNumberValue(id);
        _writer.WriteEndArray();
    }

    long? Id(string key) => _metadata.Integer(Prefix + key) is { } id and not NoId and not -1 ? id : null;

    void DualChunk(ModelSource source)
    {
        if (!source.Has(DualChunkFile))
            return;
        using FileBytes bytes = source.Open(DualChunkFile);
        using JsonDocument document = StrictJson.Parse(bytes.Name, bytes.ToArray(LargestDualChunkFile));
        string[] keys = StrictJson.Guard(bytes.Name, () =>
            document.RootElement.EnumerateObject().Select(property => property.Name).ToArray());
        foreach (string key in keys)
        {
            if (key is not ("chunk_size" or "local_size" or "original_max_position_embeddings"))
                throw new ModelFormatException(bytes.Name, $"has the key {ModelFormatException.Quote(key)}, expected "
                    + "chunk_size, local_size and original_max_position_embeddings. Fix: correct the key.");
            _names[$"dual_chunk_attention_config.{key}"] = $"{key}' of '{DualChunkFile}";
        }
        _writer.WritePropertyName("dual_chunk_attention_config");
        document.RootElement.WriteTo(_writer);
    }

    string Key(string key) => $"{_architecture.Name}.{key}";

    /// <summary>A whole number; a value a layer counts where all are the same.</summary>
    bool Whole(string name, string key)
    {
        string full = Key(key);
        _names[name] = full;
        if (!_metadata.IsArray(full))
        {
            if (_metadata.Integer(full) is not { } number)
                return false;
            _writer.WriteNumber(name, number);
            return true;
        }
        int[] layers = _metadata.Integers(full)!;
        if (layers.Length == 0 || layers.AsSpan().ContainsAnyExcept(layers[0]))
            throw _metadata.Fault(full, "differs between layers, expected one number for all");
        _writer.WriteNumber(name, layers[0]);
        return true;
    }

    void Real(string name, string key)
    {
        _names[name] = Key(key);
        if (_metadata.NumberText(Key(key)) is not { } text)
            return;
        _writer.WritePropertyName(name);
        _writer.WriteRawValue(text);
    }
}
