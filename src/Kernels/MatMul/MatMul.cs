using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Quantization;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>
/// The matrix products of a model, a · wᵀ with sums in float32, each with what is done to the sums before they leave the registers.
/// The implementation chooses the kernel for a shape: the vector kernel for few rows, tensor cores for bfloat16, else the tile kernel.
/// </summary>
public abstract class MatMul<T>
    where T : unmanaged
{
    /// <summary>Products with quantised weights that need no unpacking, where the device has such.</summary>
    public virtual IQuantizedProducts<T>? Quantized => null;

    /// <summary>c = a · wᵀ.</summary>
    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="a">[rows, inner].</param>
    /// <param name="w">[columns, inner].</param>
    /// <param name="c">[rows, columns].</param>
    /// <param name="shape">The three sizes.</param>
    public abstract void Run(AcceleratorStream stream, ArrayView<T> a, ArrayView<T> w, ArrayView<float> c, MatMulShape shape);

    /// <summary>residual += a · wᵀ.</summary>
    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="a">[rows, inner].</param>
    /// <param name="w">[columns, inner].</param>
    /// <param name="residual">[rows, columns], updated.</param>
    /// <param name="shape">The three sizes.</param>
    public abstract void Add(AcceleratorStream stream, ArrayView<T> a, ArrayView<T> w, ArrayView<float> residual, MatMulShape shape);

    /// <summary>c = a · wᵀ, rounded to the storage type.</summary>
    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="a">[rows, inner].</param>
    /// <param name="w">[columns, inner].</param>
    /// <param name="c">[rows, columns].</param>
    /// <param name="shape">The three sizes.</param>
    public abstract void Narrow(AcceleratorStream stream, ArrayView<T> a, ArrayView<T> w, ArrayView<T> c, MatMulShape shape);

    /// <summary>c = silu(a · gateᵀ) · (a · upᵀ), rounded to the storage type.</summary>
    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="a">[rows, inner].</param>
    /// <param name="w">[2 · intermediate, inner]: gate and up rows, interleaved as <see cref="Epilogues.GateUpOrder"/> says.</param>
    /// <param name="c">[rows, intermediate].</param>
    /// <param name="shape">The three sizes; columns are 2 · intermediate, a multiple of 16.</param>
    public abstract void Gated(AcceleratorStream stream, ArrayView<T> a, ArrayView<T> w, ArrayView<T> c, MatMulShape shape);
}
