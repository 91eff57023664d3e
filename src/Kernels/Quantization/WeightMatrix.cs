using System.Collections.Immutable;
using ILGPU;

namespace IlgpuDca.Kernels.Quantization;

/// <summary>A weight matrix [rows, inner] on a device: plain, or quantised in parts of some rows, each with a layout of its own.</summary>
/// <param name="Plain">All elements; empty where it is quantised.</param>
/// <param name="Parts">Rows one after the other; empty where it is plain.</param>
public readonly record struct WeightMatrix<T>(ArrayView<T> Plain, ImmutableArray<QuantizedMatrix> Parts)
    where T : unmanaged
{
    /// <summary>A plain matrix.</summary>
    public WeightMatrix(ArrayView<T> plain)
        : this(plain, [])
    {
    }

    /// <summary>The input at each place of its rows, [inner]; empty where they follow each other.</summary>
    public ArrayView<int> InputOrder { get; init; }

    /// <summary>Whether it is stored as codes and scales.</summary>
    public bool IsQuantized => !Parts.IsEmpty;

    /// <summary>Quantised weights of all parts together; 0 where it is plain.</summary>
    public long QuantizedWeights => Parts.Sum(part => part.Weights);

    /// <summary>The only part.</summary>
    /// <exception cref="InvalidOperationException">There are several, or none.</exception>
    public QuantizedMatrix Whole => Parts.Length == 1 ? Parts[0]
        : throw new InvalidOperationException($"quantised weights in {Parts.Length} parts; they must be one.");
}
