using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>Chooses the matrix product for a shape: the vector kernel for few rows, tensor cores for bfloat16, else the tile kernel.</summary>
public abstract class MatMul<T>
    where T : unmanaged
{
    /// <summary>c = a · wᵀ, sums and c in float32.</summary>
    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="a">[rows, inner].</param>
    /// <param name="w">[columns, inner].</param>
    /// <param name="c">[rows, columns].</param>
    /// <param name="shape">The three sizes.</param>
    public abstract void Run(AcceleratorStream stream, ArrayView<T> a, ArrayView<T> w, ArrayView<float> c, MatMulShape shape);
}
