namespace IlgpuDca.Loader;

/// <summary>
/// The rotary position embedding of config.json: <c>angle = position · Theta^(-2i / head_dim)</c>, and how its frequencies are scaled.
/// </summary>
/// <param name="Theta">rope_theta, the base; dimensionless.</param>
public sealed record RopeParameters(double Theta)
{
    const double DefaultTheta = 10_000;
    const double LargestTheta = 1e12;
    const double LargestFactor = 10_000;

    /// <summary>rope_type.</summary>
    public RopeKind Kind { get; init; }

    /// <summary>factor: how many times longer than trained.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>original_max_position_embeddings, in tokens; null: max_position_embeddings.</summary>
    public int? OriginalLength { get; init; }

    /// <summary>low_freq_factor of Llama 3.</summary>
    public double LowFrequencyFactor { get; init; } = 1;

    /// <summary>high_freq_factor of Llama 3.</summary>
    public double HighFrequencyFactor { get; init; } = 4;

    /// <summary>beta_fast of YaRN: rotations over the trained length from which on frequencies are kept.</summary>
    public double BetaFast { get; init; } = 32;

    /// <summary>beta_slow of YaRN: rotations below which frequencies are divided.</summary>
    public double BetaSlow { get; init; } = 1;

    /// <summary>attention_factor of YaRN, which multiplies rotated queries and keys; null: by the factor.</summary>
    public double? AttentionFactor { get; init; }

    /// <summary>truncate of YaRN: whether the ramp's ends are whole dimensions.</summary>
    public bool Truncate { get; init; } = true;

    /// <summary>Reads <c>rope_parameters</c>, else the older <c>rope_theta</c> and <c>rope_scaling</c>.</summary>
    internal static RopeParameters Read(ConfigObject config)
    {
        double? outer = ThetaOf(config);
        ConfigObject? parameters = config.Object("rope_parameters"), scaling = config.Object("rope_scaling");
        double? inner = parameters is null ? null : ThetaOf(parameters);
        if (inner is not null && outer is not null && inner != outer)
            throw parameters!.Fault("rope_theta", $"is {inner}, but rope_theta beside it is {outer}, expected one value");
        RopeParameters plain = new(inner ?? outer ?? DefaultTheta);
        return parameters is not null ? Scaled(plain, parameters) : scaling is not null ? Scaled(plain, scaling) : plain;
    }

    static RopeParameters Scaled(RopeParameters plain, ConfigObject block)
    {
        if (block.Has("partial_rotary_factor") && block.Number("partial_rotary_factor", 0, 1) is not 1)
            throw block.Fault("partial_rotary_factor", "is not 1, but only full rotation is supported");
        string key = block.Has("rope_type") ? "rope_type" : "type";
        string? name = block.Text(key);
        if (name is null && block.Has("factor"))
            throw block.Fault("factor", "is given without rope_type, expected none or a rope_type");
        RopeKind kind = name switch
        {
            null or "default" => RopeKind.Default,
            "linear" => RopeKind.Linear,
            "dynamic" => RopeKind.Dynamic,
            "yarn" => RopeKind.Yarn,
            "llama3" => RopeKind.Llama3,
            _ => throw block.Fault(key, $"is {ModelFormatException.Quote(name)}, supported: default, linear, dynamic, yarn, llama3"),
        };
        if (kind == RopeKind.Default)
            return plain;
        RopeParameters scaled = plain with
        {
            Kind = kind,
            Factor = block.Number("factor", 1, LargestFactor),
            OriginalLength = block.Has("original_max_position_embeddings")
                ? block.Integer("original_max_position_embeddings", 1, ModelConfig.MostTokens) : null,
        };
        return kind switch
        {
            RopeKind.Llama3 => Llama3(scaled, block),
            RopeKind.Yarn => Yarn(scaled, block),
            _ => scaled,
        };
    }

    static RopeParameters Llama3(RopeParameters scaled, ConfigObject block)
    {
        if (scaled.OriginalLength is null)
            throw block.Fault("original_max_position_embeddings", "is missing, expected for rope_type 'llama3' the length of the first training");
        RopeParameters full = scaled with
        {
            LowFrequencyFactor = block.Number("low_freq_factor", 1e-3, LargestFactor),
            HighFrequencyFactor = block.Number("high_freq_factor", 1e-3, LargestFactor),
        };
        return full.HighFrequencyFactor > full.LowFrequencyFactor ? full : throw block.Fault("high_freq_factor",
            $"is {full.HighFrequencyFactor}, expected more than low_freq_factor {full.LowFrequencyFactor}");
    }

    static RopeParameters Yarn(RopeParameters scaled, ConfigObject block)
    {
        RopeParameters full = scaled with
        {
            BetaFast = block.Number("beta_fast", 1e-3, LargestFactor, 32),
            BetaSlow = block.Number("beta_slow", 1e-3, LargestFactor, 1),
            AttentionFactor = block.Has("attention_factor") ? block.Number("attention_factor", 1e-3, 100) : MScales(scaled.Factor, block),
            Truncate = block.Flag("truncate", true),
        };
        return full.BetaFast > full.BetaSlow ? full
            : throw block.Fault("beta_fast", $"is {full.BetaFast}, expected more than beta_slow {full.BetaSlow}");
    }

    /// <summary>DeepSeek's way to say it: mscale over mscale_all_dim, each 0.1 · scale · ln(factor) + 1.</summary>
    static double? MScales(double factor, ConfigObject block)
    {
        if (!block.Has("mscale") || !block.Has("mscale_all_dim"))
            return null;
        double top = block.Number("mscale", 0, 100), all = block.Number("mscale_all_dim", 0, 100);
        return (0.1 * top * Math.Log(factor) + 1) / (0.1 * all * Math.Log(factor) + 1);
    }

    static double? ThetaOf(ConfigObject of) =>
        of.Has("rope_theta") ? of.Number("rope_theta", 1, LargestTheta) : null;
}
