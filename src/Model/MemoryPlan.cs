using IlgpuDca.Kernels.Attention;
using IlgpuDca.Loader;

namespace IlgpuDca.Model;

/// <summary>What a model and a text take on the device, in bytes, worked out before anything is allocated.</summary>
/// <param name="Weights">All weights in the mode's type; norms in float32.</param>
/// <param name="Cache">Keys and values of the text, in whole pages.</param>
/// <param name="Work">Activations of a slice, logits, RoPE table, scratch.</param>
/// <param name="Available">What the device has free, weights that are loaded already counted in.</param>
public sealed record MemoryPlan(long Weights, long Cache, long Work, long Available)
{
    /// <summary>Everything together.</summary>
    public long Total => Weights + Cache + Work;

    public bool Fits => Total <= Available;

    /// <summary>The plan for a text of some tokens.</summary>
    public static MemoryPlan For(ModelConfig config, ComputeMode mode, int tokens, int slice, DcaGeometry geometry, long available) =>
        new(WeightBytes(config, mode), CacheBytes(config, mode, tokens), WorkBytes(config, mode, tokens, slice, geometry), available);

    /// <summary>The longest text for which the plan fits; 0 when not even the weights do.</summary>
    public static int LongestText(ModelConfig config, ComputeMode mode, int slice, DcaGeometry geometry, long available)
    {
        int low = 0, high = int.MaxValue / 2;
        while (low < high)
        {
            int middle = low + (high - low + 1) / 2;
            if (For(config, mode, middle, slice, geometry, available).Fits)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }

    static int ElementBytes(ComputeMode mode) => mode == ComputeMode.Float32 ? 4 : 2;

    public static long WeightBytes(ModelConfig config, ComputeMode mode)
    {
        long hidden = config.HiddenSize;
        long layer = hidden * (config.QueryWidth * 2L + config.KeyValueWidth * 2L) + 3 * hidden * config.IntermediateSize;
        long matrices = config.Layers * layer + hidden * config.VocabularySize * (config.TieWordEmbeddings ? 1 : 2);
        return matrices * ElementBytes(mode) + (2L * config.Layers + 1) * hidden * 4;
    }

    static long CacheBytes(ModelConfig config, ComputeMode mode, int tokens) =>
        (long)KvLayout.Pages(tokens) * KvLayout.PageTokens * 2 * config.KeyValueWidth * config.Layers * ElementBytes(mode);

    static long WorkBytes(ModelConfig config, ComputeMode mode, int tokens, int slice, DcaGeometry geometry)
    {
        long rows = Math.Min(slice, tokens), perRow = Activations.RowBytes(config, ElementBytes(mode), geometry.Variants);
        long logits = (long)Math.Min(rows, Activations.LogitRows) * config.VocabularySize * 4;
        long table = (long)geometry.Positions(tokens) * config.HeadDim * 4;
        return rows * perRow + logits + table + Activations.TextBytes(config, tokens) + KvLayout.Pages(tokens) * 4L;
    }
}
