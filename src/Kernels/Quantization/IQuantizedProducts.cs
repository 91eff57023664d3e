using System.Collections.Immutable;
using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Quantization;

/// <summary>
/// Products of several rows with quantised weights, in parts of some columns, that need no unpacking:
/// <see cref="MatMul{T}"/>'s.
/// </summary>
public interface IQuantizedProducts<T>
    where T : unmanaged
{
    /// <summary>What each part's columns of c must be multiples of.</summary>
    int ColumnUnit { get; }

    /// <summary><see cref="MatMul{T}.Run"/>.</summary>
    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="a">[rows, inner].</param>
    /// <param name="w">Together [columns, inner].</param>
    /// <param name="c">[rows, columns].</param>
    /// <param name="shape">The three sizes.</param>
    void Run(
        AcceleratorStream stream, ArrayView<T> a, ImmutableArray<QuantizedMatrix> w, ArrayView<float> c,
        MatMulShape shape);

    /// <summary><see cref="MatMul{T}.Add"/>.</summary>
    void Add(
        AcceleratorStream stream, ArrayView<T> a, ImmutableArray<QuantizedMatrix> w, ArrayView<float> residual,
        MatMulShape shape);

    /// <summary><see cref="MatMul{T}.Narrow"/>.</summary>
    void Narrow(
        AcceleratorStream stream, ArrayView<T> a, ImmutableArray<QuantizedMatrix> w, ArrayView<T> c, MatMulShape shape);

    /// <summary><see cref="MatMul{T}.Gated"/>; w has one part.</summary>
    void Gated(
        AcceleratorStream stream, ArrayView<T> a, ImmutableArray<QuantizedMatrix> w, ArrayView<T> c, MatMulShape shape);
}
