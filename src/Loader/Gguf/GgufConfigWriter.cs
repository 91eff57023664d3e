using System.Text.Json;

namespace IlgpuDca.Loader;

/// <summary>Writes a config as GGUF metadata: <see cref="GgufConfig"/> and <see cref="GgufRope"/> backwards.</summary>
/// <param name="writer">Where to.</param>
/// <param name="architecture">With which keys begin.</param>
/// <param name="source">Where config.json lies, if there is one.</param>
/// <param name="config">What it says, checked.</param>
sealed class GgufConfigWriter(GgufWriter writer, string architecture, ModelSource source, ModelConfig config)
{
    const int LargestConfig = 4 << 20;
    const string OriginalLength = "original_max_position_embeddings";

    /// <summary>Writes all keys.</summary>
    public void Write()
    {
        writer.Set("general.architecture", architecture);
        writer.Set("general.name", Path.GetFileNameWithoutExtension(source.Name.TrimEnd('/', '\\')));
        Set("block_count", config.Layers);
        Set("context_length", config.MaxPositionEmbeddings);
        Set("embedding_length", config.HiddenSize);
        Set("feed_forward_length", config.IntermediateSize);
        Set("attention.head_count", config.Heads);
        Set("attention.head_count_kv", config.KeyValueHeads);
        Set("attention.key_length", config.HeadDim);
        Set("attention.value_length", config.HeadDim);
        writer.Set($"{architecture}.attention.layer_norm_rms_epsilon", (float)config.RmsNormEpsilon);
        writer.Set($"{architecture}.rope.freq_base", (float)config.Rope.Theta);
        Set("rope.dimension_count", config.HeadDim);
        Set("vocab_size", config.VocabularySize);
        if (!source.Has(ModelConfig.FileName) || source.ModelFile is not null)
            return;
        using FileBytes file = source.Open(ModelConfig.FileName);
        using JsonDocument document = StrictJson.Parse(file.Name, file.ToArray(LargestConfig));
        StrictJson.Guard(file.Name, () =>
        {
            Extras(new ConfigObject(file.Name, document.RootElement));
            return true;
        });
    }

    void Extras(ConfigObject root)
    {
        foreach ((string key, string from) in new[]
        {
            ("expert_count", root.Has("num_experts") ? "num_experts" : "num_local_experts"),
            ("expert_used_count", "num_experts_per_tok"),
            ("expert_feed_forward_length", "moe_intermediate_size"),
        })
        {
            if (architecture == "qwen3moe" && root.Has(from))
                Set(key, root.Integer(from, 1, int.MaxValue));
        }
        if (root.Has("sliding_window") && root.Flag("use_sliding_window", true))
            Set("attention.sliding_window", root.Integer("sliding_window", 1, int.MaxValue));
        if ((root.Object("rope_parameters") ?? root.Object("rope_scaling")) is { } rope
            && (rope.Text("rope_type") ?? rope.Text("type")) is { } kind and not "default")
            Scaling(rope, kind);
    }

    void Scaling(ConfigObject rope, string kind)
    {
        double factor = rope.Number("factor", 1, 1e6);
        if (kind == "llama3")
        {
            writer.Add(Llama3Factors(factor, rope.Number("low_freq_factor", 1e-3, 1e3),
                rope.Number("high_freq_factor", 1e-3, 1e3), rope.Integer(OriginalLength, 1, int.MaxValue)));
            return;
        }
        if (kind is not ("linear" or "yarn"))
            throw rope.Fault("rope_type", $"is {ModelFormatException.Quote(kind)}, which GGUF has no words for, "
                + "expected linear, yarn or llama3");
        writer.Set($"{architecture}.rope.scaling.type", kind);
        writer.Set($"{architecture}.rope.scaling.factor", (float)factor);
        if (rope.Has(OriginalLength))
            Set("rope.scaling.original_context_length", rope.Integer(OriginalLength, 1, int.MaxValue));
    }

    /// <summary>What each pair's frequency is divided by: 1 for short waves, the factor for long ones.</summary>
    GgufWriterTensor Llama3Factors(double factor, double low, double high, double originalLength)
    {
        int pairs = config.HeadDim / 2;
        byte[] bytes = new byte[pairs * sizeof(float)];
        for (int pair = 0; pair < pairs; pair++)
        {
            double wave = 2 * Math.PI * Math.Pow(config.Rope.Theta, (double)pair / pairs);
            double kept = Math.Clamp((originalLength / wave - low) / (high - low), 0, 1);
            BitConverter.TryWriteBytes(bytes.AsSpan(pair * sizeof(float)), (float)(1 / ((1 - kept) / factor + kept)));
        }
        var info = new TensorInfo(GgufNames.RopeFactors, TensorType.F32, [pairs], 0, bytes.Length);
        var tensor = new WeightTensor(FileBytes.From(source.Name, bytes), info);
        return new GgufWriterTensor(GgufNames.RopeFactors, TensorType.F32, info.Shape, [tensor], 0);
    }

    void Set(string key, int value) => writer.Set($"{architecture}.{key}", (uint)value);
}
