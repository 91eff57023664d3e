using IlgpuDca.Loader;

namespace IlgpuDca.Model.Attention;

/// <summary>The attention flags of the command line; null where the config or a default decides.</summary>
public sealed record AttentionOptions
{
    public AttentionMode Mode { get; init; } = AttentionMode.Auto;

    /// <summary>s itself, in tokens.</summary>
    public int? ChunkLength { get; init; }

    /// <summary>pmax: the largest query position.</summary>
    public int? MaxPosition { get; init; }

    /// <summary>chunk_size as configs have it; with <see cref="LocalSize"/>.</summary>
    public int? ChunkSize { get; init; }

    /// <summary>local_size as configs have it: s = chunk_size - local_size, pmax = min(2s - 1, chunk_size).</summary>
    public int? LocalSize { get; init; }

    /// <summary>How rotary frequencies are scaled; null: as the config says.</summary>
    public RopeKind? RopeKind { get; init; }

    /// <summary>The factor of the scaling; null: the config's.</summary>
    public double? RopeFactor { get; init; }

    /// <summary>rope_theta; null: the config's.</summary>
    public double? RopeBase { get; init; }

    public TemperatureMode Temperature { get; init; } = TemperatureMode.Auto;
}
