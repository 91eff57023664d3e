namespace IlgpuDca.Loader;

/// <summary>The rotary position embedding of config.json: <c>angle = position · Theta^(-2i / head_dim)</c>.</summary>
/// <param name="Theta">rope_theta, the base; dimensionless.</param>
public sealed record RopeParameters(double Theta)
{
    const double DefaultTheta = 10_000;
    const double LargestTheta = 1e12;

    /// <summary>Reads <c>rope_parameters</c>, else the older <c>rope_theta</c> and <c>rope_scaling</c>.</summary>
    internal static RopeParameters Read(ConfigObject config)
    {
        double? outer = ThetaOf(config);
        double? inner = null;
        if (config.Object("rope_parameters") is { } parameters)
        {
            CheckKind(parameters);
            inner = ThetaOf(parameters);
            if (inner is not null && outer is not null && inner != outer)
                throw parameters.Fault("rope_theta",
                    $"is {inner}, but rope_theta beside it is {outer}, expected one value");
        }
        if (config.Object("rope_scaling") is { } scaling)
            CheckKind(scaling);
        return new RopeParameters(inner ?? outer ?? DefaultTheta);
    }

    static double? ThetaOf(ConfigObject of) =>
        of.Has("rope_theta") ? of.Number("rope_theta", 1, LargestTheta) : null;

    static void CheckKind(ConfigObject block)
    {
        foreach (string key in (string[])["rope_type", "type"])
        {
            if (block.Text(key) is { } kind and not "default")
                throw block.Fault(key,
                    $"is {ModelFormatException.Quote(kind)}, but only unscaled RoPE ('default') is supported");
        }
        if (block.Has("partial_rotary_factor") && block.Number("partial_rotary_factor", 0, 1) is not 1)
            throw block.Fault("partial_rotary_factor", "is not 1, but only full rotation is supported");
        if (!block.Has("rope_type") && !block.Has("type") && block.Has("factor"))
            throw block.Fault("factor", "is given without rope_type, expected none or a rope_type of 'default'");
    }
}
