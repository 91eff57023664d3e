using System.Collections.Immutable;

namespace IlgpuDca.Loader;

/// <summary>The sliding window of attention.</summary>
/// <param name="Tokens">sliding_window: tokens that a query sees, itself among them.</param>
/// <param name="Layers">Whether each layer has it; empty: all have.</param>
public sealed record WindowConfig(int Tokens, ImmutableArray<bool> Layers)
{
    const string Windowed = "sliding_attention";
    const string Full = "full_attention";

    /// <summary>Whether a layer's queries see no further than the window.</summary>
    /// <param name="layer">From 0.</param>
    public bool IsIn(int layer) => Layers.IsEmpty || Layers[layer];

    /// <summary>Reads the keys; null where no layer has a window.</summary>
    /// <param name="config">The root.</param>
    /// <param name="use">Whether the architecture has windows, and by which keys.</param>
    /// <param name="layers">num_hidden_layers.</param>
    internal static WindowConfig? Read(ConfigObject config, WindowUse use, int layers)
    {
        bool isUsed = config.Flag("use_sliding_window", use == WindowUse.Always);
        if (!isUsed)
            return null;
        if (use == WindowUse.None)
            throw config.Fault("use_sliding_window", "is true, which is not supported for this architecture, expected false");
        if (!config.Has("sliding_window"))
            return use == WindowUse.Always ? null : throw config.Fault("sliding_window", "is missing, but use_sliding_window is true, expected how many tokens a query sees");
        int tokens = config.Integer("sliding_window", 1, ModelConfig.MostTokens);
        string[] types = config.Texts("layer_types", layers);
        if (types.Length != 0)
        {
            if (types.Length != layers)
                throw config.Fault("layer_types", $"has {types.Length} entries, expected one for each of num_hidden_layers {layers}");
            if (types.FirstOrDefault(type => type is not (Windowed or Full)) is { } unknown)
                throw config.Fault("layer_types", $"has {ModelFormatException.Quote(unknown)}, expected '{Windowed}' and '{Full}'");
            return Of(tokens, [.. types.Select(type => type == Windowed)]);
        }
        if (use == WindowUse.Always)
            return new WindowConfig(tokens, []);
        int first = config.Integer("max_window_layers", 0, int.MaxValue);
        return Of(tokens, [.. Enumerable.Range(0, layers).Select(layer => layer >= first)]);
    }

    static WindowConfig? Of(int tokens, ImmutableArray<bool> layers) =>
        !layers.Contains(true) ? null : new WindowConfig(tokens, layers.Contains(false) ? layers : []);
}
