using IlgpuDca.Loader;

namespace IlgpuDca.Model.Weights;

/// <summary>Sizes of the weights' buffers.</summary>
static class WeightParts
{
    /// <summary>The parts of each layer.</summary>
    public static ReadOnlySpan<WeightPart> OfLayer =>
    [
        WeightPart.InputNorm, WeightPart.Qkv, WeightPart.AttentionOutput, WeightPart.PostAttentionNorm, WeightPart.GateUp,
        WeightPart.Down,
    ];

    /// <summary>Norms are float32 in every mode.</summary>
    public static bool IsNorm(this WeightPart part) =>
        part is WeightPart.InputNorm or WeightPart.PostAttentionNorm or WeightPart.FinalNorm;

    /// <summary>Elements of a matrix' row: what it is multiplied with.</summary>
    public static int Inner(this WeightPart part, ModelConfig config) => part switch
    {
        WeightPart.AttentionOutput => config.QueryWidth,
        WeightPart.Down => config.IntermediateSize,
        _ => config.HiddenSize,
    };

    /// <summary>Elements of a part's buffer.</summary>
    public static long Elements(this WeightPart part, ModelConfig config)
    {
        long hidden = config.HiddenSize;
        return part switch
        {
            WeightPart.Embedding or WeightPart.Output => hidden * config.VocabularySize,
            WeightPart.Qkv => hidden * (config.QueryWidth + 2L * config.KeyValueWidth),
            WeightPart.AttentionOutput => hidden * config.QueryWidth,
            WeightPart.GateUp => hidden * 2 * config.IntermediateSize,
            WeightPart.Down => hidden * config.IntermediateSize,
            _ => hidden,
        };
    }
}
