using IlgpuDca.Kernels.Quantization;

namespace IlgpuDca.Model.Weights;

/// <summary>Some rows of a weight matrix that are stored as codes and scales of one layout.</summary>
/// <param name="Layout">The layout.</param>
/// <param name="Weights">How many weights.</param>
readonly record struct StoredPart(QuantizedLayout Layout, long Weights)
{
    /// <summary>The input at each place of its rows; null where they follow each other.</summary>
    public int[]? InputOrder { get; init; }

    /// <summary>The two buffers' bytes.</summary>
    public long CodeBytes => Layout.CodeBytes(Weights);

    /// <summary>The two buffers' bytes.</summary>
    public long ScaleBytes => Layout.ScaleCount(Weights) * 2;
}
