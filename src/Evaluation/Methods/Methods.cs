using IlgpuDca.Loader;

namespace IlgpuDca.Evaluation;

/// <summary>All methods that can be compared.</summary>
public static class Methods
{
    /// <summary>In the order of tables.</summary>
    public static IReadOnlyList<Method> All { get; } =
    [
        new("plain", "the model's own rotary positions, far past what it was trained on", IsChunked: false, Scaling: null),
        new("pi", "position interpolation: positions divided by the factor", IsChunked: false, RopeKind.Linear),
        new("ntk", "NTK-aware: the rotary base grows with the factor", IsChunked: false, RopeKind.Ntk),
        new("dynamic", "dynamic NTK: the base grows with factor · length / trained - (factor - 1)", IsChunked: false, RopeKind.Dynamic),
        new("yarn", "YaRN: slow waves interpolated, fast ones kept, a temperature", IsChunked: false, RopeKind.Yarn),
        new("dca", "Dual Chunk Attention with the config's chunks, the paper's where it has none", IsChunked: true, Scaling: null),
        new("dca-paper", "Dual Chunk Attention with the paper's chunks: s = 3c/4, pmax = c - 1", IsChunked: true, Scaling: null) { HasPaperChunks = true },
        new("dca-intra", "keys of the own chunk alone, all others masked", IsChunked: true, Scaling: null) { VisibleChunks = 1 },
        new("dca-intra-successive", "keys of the own and the previous chunk, all others masked", IsChunked: true, Scaling: null) { VisibleChunks = 2 },
        new("dca-intra-inter", "nothing masked, the previous chunk at the largest position as all earlier ones", IsChunked: true, Scaling: null) { HasSuccessive = false },
        new("dca-pi", "Dual Chunk Attention on interpolated positions, each stretching by the root", IsChunked: true, RopeKind.Linear),
        new("dca-ntk", "Dual Chunk Attention on an NTK-aware base, each stretching by the root", IsChunked: true, RopeKind.Ntk),
        new("dca-yarn", "Dual Chunk Attention on YaRN, each stretching by the root", IsChunked: true, RopeKind.Yarn),
    ];
}
