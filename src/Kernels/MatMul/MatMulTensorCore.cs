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
/// Work: <see cref="TensorCoreTile{TTile, TOut, TEpilogue, TRows, TColumns}"/>, a group for each tile, in the order of
/// <see cref="TileOrder"/>.
/// Traffic: a is read columns / <c>Columns</c> times, w rows / 128 times, mostly from L2.
/// </remarks>
public sealed class MatMulTensorCore<TTile, TOut, TEpilogue>(Accelerator accelerator)
    where TTile : struct, ITensorCoreTile
    where TOut : unmanaged
    where TEpilogue : struct, IEpilogue<TOut>
{
    readonly Action<AcceleratorStream, KernelConfig, ArrayView<BFloat16x8>, ArrayView<BFloat16x8>, ArrayView<TOut>,
        int, int, int> _kernel =
        accelerator.LoadKernel<ArrayView<BFloat16x8>, ArrayView<BFloat16x8>, ArrayView<TOut>, int, int, int>(Kernel);

    /// <summary>Bytes of shared memory of a group.</summary>
    public static int SharedBytes => 16 * TensorCoreTile<TTile, TOut, TEpilogue, RowsInOrder, PlainColumns<TTile>>.SharedPacks;

    /// <summary>Tiles that cover a product.</summary>
    public static long Tiles(MatMulShape shape) => (long)RowTiles(shape) * ColumnTiles(shape);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="a">[rows, inner].</param>
    /// <param name="w">[columns, inner].</param>
    /// <param name="c">
    /// [rows, columns], or [rows, columns / 2] where columns are pairs; starts at a multiple of two elements.
    /// </param>
    /// <param name="shape">The three sizes; inner a multiple of 8.</param>
    public void Run(
        AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w, ArrayView<TOut> c, MatMulShape shape)
    {
        shape.Check(a.Length, w.Length, c.Length, TEpilogue.Pairs);
        if (shape.Inner % 8 != 0)
            throw new ArgumentException($"MatMulTensorCore: inner is {shape.Inner}; it must be a multiple of 8.");
        TensorCoreTile<TTile, TOut, TEpilogue, RowsInOrder, PlainColumns<TTile>>.CheckSizes(a.Length, w.Length);
        KernelConfig config = new((int)Tiles(shape), TTile.Columns, SharedMemoryConfig.RequestDynamic<byte>(SharedBytes));
        _kernel(
            stream, config, a.Cast<BFloat16x8>(), w.Cast<BFloat16x8>(), c, shape.Rows, shape.Columns, shape.Inner);
    }

    static int RowTiles(MatMulShape shape) =>
        (shape.Rows - 1) / TensorCoreTile<TTile, TOut, TEpilogue, RowsInOrder, PlainColumns<TTile>>.Rows + 1;

    static int ColumnTiles(MatMulShape shape) => (shape.Columns - 1) / TTile.Columns + 1;

    static void Kernel(
        ArrayView<BFloat16x8> a, ArrayView<BFloat16x8> w, ArrayView<TOut> c, int rows, int columns, int inner)
    {
        const int tileRows = TensorCoreTile<TTile, TOut, TEpilogue, RowsInOrder, PlainColumns<TTile>>.Rows;
        (int row, int column) =
            TileOrder.Of(Grid.IdxX, (rows - 1) / tileRows + 1, (columns - 1) / TTile.Columns + 1);
        TensorCoreTile<TTile, TOut, TEpilogue, RowsInOrder, PlainColumns<TTile>>.Multiply(
            a, new PlainColumns<TTile>(w, LocalMemory.Allocate<int>(PlainColumns<TTile>.Parts)), c, ArrayView<int>.Empty,
            row * tileRows, rows, column * TTile.Columns, columns, inner / 8);
    }
}
