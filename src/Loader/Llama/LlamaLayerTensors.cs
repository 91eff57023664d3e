using System.Collections.Immutable;

namespace IlgpuDca.Loader;

/// <summary>The weights of one decoder layer. Matrices are [outputs, inputs], row-major.</summary>
/// <param name="InputNorm">[hidden].</param>
/// <param name="Query">[heads · head_dim, hidden].</param>
/// <param name="Key">[key-value heads · head_dim, hidden].</param>
/// <param name="Value">[key-value heads · head_dim, hidden].</param>
/// <param name="Output">[hidden, heads · head_dim].</param>
/// <param name="PostAttentionNorm">[hidden].</param>
/// <param name="FeedForward">The layer's one block, or its experts.</param>
public sealed record LlamaLayerTensors(
    WeightTensor InputNorm, WeightTensor Query, WeightTensor Key, WeightTensor Value, WeightTensor Output,
    WeightTensor PostAttentionNorm, ImmutableArray<FeedForwardTensors> FeedForward)
{
    /// <summary>[experts, hidden]: chooses among experts; null where there are none.</summary>
    public WeightTensor? Router { get; init; }

    /// <summary>[hidden]: bias of the output projection; empty where there is none.</summary>
    public WeightTensor[] OutputBias { get; init; } = [];

    /// <summary>Biases of query, key and value, each as long as its matrix has rows; empty where there are none.</summary>
    public WeightTensor[] QkvBias { get; init; } = [];

    /// <summary>[head_dim] each: the norms of a head's query and key; empty where there are none.</summary>
    public WeightTensor[] HeadNorms { get; init; } = [];
}
