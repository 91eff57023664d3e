using System.Text.Json;

namespace IlgpuDca.Loader;

/// <summary>The rotary position embedding of a GGUF file in the words of config.json.</summary>
/// <param name="metadata">The file's metadata.</param>
/// <param name="architecture">With which its keys begin.</param>
/// <param name="factors">rope_freqs.weight, or null.</param>
/// <param name="names">Where GGUF's names of keys are noted.</param>
/// <param name="writer">Inside the root of config.json.</param>
sealed class GgufRope(GgufMetadata metadata, string architecture, WeightTensor? factors,
    Dictionary<string, string> names, Utf8JsonWriter writer)
{
    const double DefaultTheta = 10_000;

    /// <summary>What all published models with Llama-3 scaling have, beside the factor.</summary>
    const double LowFrequencyFactor = 1, HighFrequencyFactor = 4, OriginalLength = 8_192;

    /// <summary>Factors are float32 and come out of a few operations.</summary>
    const double FactorTolerance = 1e-5;

    /// <summary>Most head sizes are 128; a bound against lying shapes.</summary>
    const int MostFactors = 512;

    /// <summary>What is read of the scaling; another key would change the model if it were passed over.</summary>
    static readonly string[] ScalingKeys =
        ["type", "factor", "original_context_length", "finetuned", "attn_factor", "yarn_beta_fast", "yarn_beta_slow"];

    /// <summary>Writes rope_theta and, where there is scaling, rope_scaling.</summary>
    public void Write()
    {
        foreach (string key in metadata.Keys)
        {
            if (key.StartsWith(Key("scaling."), StringComparison.Ordinal)
                && !ScalingKeys.Contains(key[Key("scaling.").Length..]))
                throw metadata.Fault(key,
                    $"is not supported, expected of the scaling only {string.Join(", ", ScalingKeys)}");
        }
        if (metadata.Number(Key("scale_linear")) is { } linear and not 1)
            throw metadata.Fault(Key("scale_linear"),
                $"is {linear}, which older files had, expected rope.scaling.type");
        Number("rope_theta", "freq_base");
        CheckFullRotation();
        string? kind = metadata.Text(Key("scaling.type"));
        names["rope_scaling.rope_type"] = Key("scaling.type");
        if (kind is not null and not "none")
            Scaled(kind);
        else if (factors is not null)
            FromFactors(factors);
    }

    void Scaled(string kind)
    {
        writer.WriteStartObject("rope_scaling");
        writer.WriteString("rope_type", kind);
        Number("factor", "scaling.factor", "rope_scaling.");
        if (kind == "yarn")
        {
            Number("original_max_position_embeddings", "scaling.original_context_length", "rope_scaling.");
            Number("beta_fast", "scaling.yarn_beta_fast", "rope_scaling.");
            Number("beta_slow", "scaling.yarn_beta_slow", "rope_scaling.");
            // GGUF's factor multiplies YaRN's own attention factor, config.json's replaces it.
            if (metadata.Number(Key("scaling.attn_factor")) is { } attention and not 1
                && metadata.Number(Key("scaling.factor")) is { } factor and > 1)
                writer.WriteNumber("attention_factor", attention * (0.1 * Math.Log(factor) + 1));
        }
        writer.WriteEndObject();
    }

    /// <summary>Llama-3 scaling is stored as the factors that it comes to; the parameters are found again.</summary>
    void FromFactors(WeightTensor tensor)
    {
        if (tensor.Info.Elements > MostFactors || tensor.Info.DType != TensorType.F32)
            throw Fault(tensor, $"is {tensor.Info.DType} of shape {tensor.Info.ShapeText}, "
                + $"expected F32 and at most {MostFactors} factors");
        float[] stored = new float[tensor.Info.Elements];
        tensor.ToFloat32(0, stored);
        double factor = stored.Max();
        if (!stored.AsSpan().ContainsAnyExcept(1f))
            return;
        double theta = metadata.Number(Key("freq_base")) ?? DefaultTheta;
        for (int pair = 0; pair < stored.Length; pair++)
        {
            double expected = Llama3Factor(factor, 2 * Math.PI * Math.Pow(theta, (double)pair / stored.Length));
            if (!(Math.Abs(stored[pair] - expected) <= FactorTolerance * expected))
                throw Fault(tensor, $"has the factor {stored[pair]} for pair {pair}, but Llama-3 scaling by {factor} "
                    + $"(low 1, high 4, original length {OriginalLength}) makes it {expected:R}");
        }
        writer.WriteStartObject("rope_scaling");
        writer.WriteString("rope_type", "llama3");
        writer.WriteNumber("factor", factor);
        writer.WriteNumber("low_freq_factor", LowFrequencyFactor);
        writer.WriteNumber("high_freq_factor", HighFrequencyFactor);
        writer.WriteNumber("original_max_position_embeddings", OriginalLength);
        writer.WriteEndObject();
        names["rope_scaling.factor"] = GgufNames.RopeFactors;
    }

    /// <param name="factor">By which the longest waves are stretched.</param>
    /// <param name="wave">Length of the wave in tokens.</param>
    static double Llama3Factor(double factor, double wave)
    {
        if (wave < OriginalLength / HighFrequencyFactor)
            return 1;
        if (wave > OriginalLength / LowFrequencyFactor)
            return factor;
        double kept = (OriginalLength / wave - LowFrequencyFactor) / (HighFrequencyFactor - LowFrequencyFactor);
        return 1 / ((1 - kept) / factor + kept);
    }

    void CheckFullRotation()
    {
        long? headDim = metadata.Integer($"{architecture}.attention.key_length");
        if (headDim is null && metadata.Integer($"{architecture}.embedding_length") is { } hidden
            && !metadata.IsArray($"{architecture}.attention.head_count")
            && metadata.Integer($"{architecture}.attention.head_count") is > 0 and { } heads)
            headDim = hidden / heads;
        if (metadata.Integer(Key("dimension_count")) is { } rotated && headDim is not null && rotated != headDim)
            throw metadata.Fault(Key("dimension_count"),
                $"is {rotated}, expected the head size {headDim}, because only full rotation is supported");
    }

    void Number(string name, string key, string path = "")
    {
        names[path + name] = Key(key);
        if (metadata.NumberText(Key(key)) is not { } text)
            return;
        writer.WritePropertyName(name);
        writer.WriteRawValue(text);
    }

    string Key(string key) => $"{architecture}.rope.{key}";

    static ModelFormatException Fault(WeightTensor tensor, string what) => new(tensor.File,
        $"'{GgufNames.RopeFactors}' (at byte {tensor.Info.Offset}) {what}. Fix: convert the model anew.");
}
