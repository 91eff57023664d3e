using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul.Epilogues;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>
/// Matrix product for many rows on the tensor cores (sm_80 and newer): bfloat16 operands, float32 sums.
/// <code>c[m, n] = epilogue(sum over k of a[m, k] · w[n, k])</code>
/// </summary>
/// <remarks>
/// Shapes: <see cref="MatMulShape"/>; any rows and columns, inner a multiple of 8.
/// Work: a group of 8 warps computes 128 × 128 outputs, a warp 64 × 32 of them as 4 × 4 tiles of m16n8k16. Per step of 32 along k
/// each thread moves 16 bytes of a and of w twice; the next step is fetched into registers while this one is multiplied.
/// </remarks>
public sealed class MatMulTensorCore<TOut, TEpilogue>(Accelerator accelerator)
    where TOut : unmanaged
    where TEpilogue : struct, IEpilogue<TOut>
{
    const int Side = TensorCoreTile<TOut, TEpilogue, RowsInOrder>.Side;
    const int GroupSize = TensorCoreTile<TOut, TEpilogue, RowsInOrder>.GroupSize;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<BFloat16x8>, ArrayView<BFloat16x8>, ArrayView<TOut>, int, int, int> _kernel =
        accelerator.LoadKernel<ArrayView<BFloat16x8>, ArrayView<BFloat16x8>, ArrayView<TOut>, int, int, int>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="a">[rows, inner].</param>
    /// <param name="w">[columns, inner].</param>
    /// <param name="c">[rows, columns], or [rows, columns / 2] where columns are pairs.</param>
    /// <param name="shape">The three sizes; inner a multiple of 8.</param>
    public void Run(AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w, ArrayView<TOut> c, MatMulShape shape)
    {
        shape.Check(a.Length, w.Length, c.Length, TEpilogue.Pairs);
        if (shape.Inner % 8 != 0)
            throw new ArgumentException($"MatMulTensorCore: inner is {shape.Inner}; it must be a multiple of 8.");
        Index3D grid = new((shape.Columns + Side - 1) / Side, (shape.Rows + Side - 1) / Side, 1);
        _kernel(stream, new KernelConfig(grid, new Index3D(GroupSize, 1, 1)), a.Cast<BFloat16x8>(), w.Cast<BFloat16x8>(), c,
            shape.Rows, shape.Columns, shape.Inner);
    }

    static void Kernel(ArrayView<BFloat16x8> a, ArrayView<BFloat16x8> w, ArrayView<TOut> c, int rows, int columns, int inner) =>
        TensorCoreTile<TOut, TEpilogue, RowsInOrder>.Multiply(a, w, c, ArrayView<int>.Empty, Grid.IdxY * Side, rows, Grid.IdxX * Side, columns, inner / 8);
}
