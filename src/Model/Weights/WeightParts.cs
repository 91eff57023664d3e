using IlgpuDca.Kernels.Quantization;
using IlgpuDca.Loader;

namespace IlgpuDca.Model.Weights;

/// <summary>Sizes of the weights' buffers.</summary>
static class WeightParts
{
    /// <summary>The parts of a layer.</summary>
    public static IEnumerable<WeightPart> OfLayer(ModelConfig config, int layer)
    {
        yield return WeightPart.InputNorm;
        yield return WeightPart.Qkv;
        if (config.HasQkvBias)
            yield return WeightPart.QkvBias;
        if (config.HasHeadNorms)
            yield return WeightPart.HeadNorms;
        yield return WeightPart.AttentionOutput;
        if (config.HasOutputBias)
            yield return WeightPart.OutputBias;
        yield return WeightPart.PostAttentionNorm;
        foreach (WeightPart part in config.HasExperts(layer)
            ? (WeightPart[])[WeightPart.Router, WeightPart.ExpertGateUp, WeightPart.ExpertDown] : [WeightPart.GateUp, WeightPart.Down])
            yield return part;
    }

    /// <summary>A small matrix that is in the mode's type in every storage.</summary>
    public static bool IsAlwaysPlain(this WeightPart part) => part is WeightPart.Router;

    /// <summary>Matrices of which a pair of tensors, gate and up, lies in turns.</summary>
    public static bool IsGateUp(this WeightPart part) => part is WeightPart.GateUp or WeightPart.ExpertGateUp;

    /// <summary>The matrices of a layer's experts, which lie together.</summary>
    public static bool IsOfExperts(this WeightPart part) => part is WeightPart.ExpertGateUp or WeightPart.ExpertDown;

    /// <summary>Norms and biases are float32 in every mode.</summary>
    public static bool IsVector(this WeightPart part) =>
        part is WeightPart.InputNorm or WeightPart.QkvBias or WeightPart.HeadNorms or WeightPart.OutputBias or WeightPart.PostAttentionNorm or WeightPart.FinalNorm;

    /// <summary>Elements of a matrix' row: what it is multiplied with.</summary>
    public static int Inner(this WeightPart part, ModelConfig config) => part switch
    {
        WeightPart.AttentionOutput => config.QueryWidth,
        WeightPart.Down => config.IntermediateSize,
        WeightPart.ExpertDown => config.Experts!.IntermediateSize,
        _ => config.HiddenSize,
    };

    /// <summary>
    /// Whether a product of codes can take the part's rows in a layout. A token's experts' down rows are one row to it.
    /// </summary>
    public static bool Fits(this WeightPart part, QuantizedLayout layout, ModelConfig config) =>
        layout.Fits(part.Inner(config)) && (part != WeightPart.ExpertDown
            || config.Experts!.PerToken * (long)config.Experts.IntermediateSize <= QuantizedLayout.LongestRow);

    /// <summary>Elements of a part's buffer.</summary>
    public static long Elements(this WeightPart part, ModelConfig config)
    {
        long hidden = config.HiddenSize;
        return part switch
        {
            WeightPart.Embedding or WeightPart.Output => hidden * config.VocabularySize,
            WeightPart.Qkv => hidden * (config.QueryWidth + 2L * config.KeyValueWidth),
            WeightPart.QkvBias => config.QueryWidth + 2L * config.KeyValueWidth,
            WeightPart.HeadNorms => 2L * config.HeadDim,
            WeightPart.AttentionOutput => hidden * config.QueryWidth,
            WeightPart.GateUp => hidden * 2 * config.IntermediateSize,
            WeightPart.Down => hidden * config.IntermediateSize,
            WeightPart.Router => hidden * config.Experts!.Count,
            WeightPart.ExpertGateUp => hidden * 2 * config.Experts!.IntermediateSize * config.Experts.Count,
            WeightPart.ExpertDown => hidden * config.Experts!.IntermediateSize * config.Experts.Count,
            _ => hidden,
        };
    }
}
