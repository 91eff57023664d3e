using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul.Epilogues;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>
/// Matrix product for many rows in plain float32 arithmetic: tiles in shared memory, a block of outputs in each thread's registers.
/// <code>c[m, n] = epilogue(sum over k of a[m, k] · w[n, k])</code>
/// </summary>
/// <remarks>
/// Shapes: <see cref="MatMulShape"/>; any size. Sums in float32, in the order of k.
/// Work: a group computes 64 × 64 outputs, a thread 4 × 4 of them. Per step of 32 along k each thread loads 8 elements of a and of
/// w and does 512 multiply-adds. Traffic: a is read columns / 64 times, w rows / 64 times, mostly from L2.
/// </remarks>
public sealed class MatMulTile<T, TElement, TOut, TEpilogue>(Accelerator accelerator)
    where T : unmanaged
    where TElement : struct, IElement<T>
    where TOut : unmanaged
    where TEpilogue : struct, IEpilogue<TOut>
{
    const int Side = RegisterTile<T, TElement, TOut, TEpilogue, RowsInOrder>.Side;
    const int GroupSize = RegisterTile<T, TElement, TOut, TEpilogue, RowsInOrder>.GroupSize;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<TOut>, int, int, int> _kernel =
        accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, ArrayView<TOut>, int, int, int>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="a">[rows, inner].</param>
    /// <param name="w">[columns, inner].</param>
    /// <param name="c">[rows, columns], or [rows, columns / 2] where columns are pairs.</param>
    /// <param name="shape">The three sizes.</param>
    public void Run(AcceleratorStream stream, ArrayView<T> a, ArrayView<T> w, ArrayView<TOut> c, MatMulShape shape)
    {
        shape.Check(a.Length, w.Length, c.Length, TEpilogue.Pairs);
        Index3D grid = new((shape.Columns + Side - 1) / Side, (shape.Rows + Side - 1) / Side, 1);
        _kernel(stream, new KernelConfig(grid, new Index3D(GroupSize, 1, 1)), a, w, c, shape.Rows, shape.Columns, shape.Inner);
    }

    static void Kernel(ArrayView<T> a, ArrayView<T> w, ArrayView<TOut> c, int rows, int columns, int inner) =>
        RegisterTile<T, TElement, TOut, TEpilogue, RowsInOrder>.Multiply(a, w, c, ArrayView<int>.Empty, Grid.IdxY * Side, rows, Grid.IdxX * Side, columns, inner);
}
