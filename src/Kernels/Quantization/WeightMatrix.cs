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

    /// <summary>Whether it is stored as codes and scales.</summary>
    public bool IsQuantized => !Parts.IsEmpty;
}
