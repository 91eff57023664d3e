using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Quantization;

/// <summary>
/// Products of several rows with quantised weights that are converted on their way to the tensor cores: some
/// neighbouring columns of <see cref="MatMul{T}"/>'s.
/// </summary>
public interface IQuantizedProducts<T>
    where T : unmanaged
{
    /// <summary>What the columns of c before these, these, and all together must be multiples of.</summary>
    int ColumnUnit { get; }

    /// <summary><see cref="MatMul{T}.Run"/>.</summary>
    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="a">[rows, inner].</param>
    /// <param name="w">[columns, inner].</param>
    /// <param name="c">From the first of these columns on.</param>
    /// <param name="shape">The sizes of a and w.</param>
    /// <param name="pitch">Elements from a row of c to the next.</param>
    void Run(
        AcceleratorStream stream, ArrayView<T> a, QuantizedMatrix w, ArrayView<float> c, MatMulShape shape, int pitch);

    /// <summary><see cref="MatMul{T}.Add"/>.</summary>
    void Add(
        AcceleratorStream stream, ArrayView<T> a, QuantizedMatrix w, ArrayView<float> residual, MatMulShape shape,
        int pitch);

    /// <summary><see cref="MatMul{T}.Narrow"/>.</summary>
    void Narrow(
        AcceleratorStream stream, ArrayView<T> a, QuantizedMatrix w, ArrayView<T> c, MatMulShape shape, int pitch);

    /// <summary><see cref="MatMul{T}.Gated"/>.</summary>
    void Gated(
        AcceleratorStream stream, ArrayView<T> a, QuantizedMatrix w, ArrayView<T> c, MatMulShape shape, int pitch);
}
