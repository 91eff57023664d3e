using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.MatMul.Epilogues;

namespace IlgpuDca.Kernels.Moe;

/// <summary>
/// One product for all experts in plain float32 arithmetic: each tile of rows is multiplied with its expert's matrix.
/// <code>c[target(r), n] = epilogue(sum over k of a[source(r), k] · w[expert of r, n, k])</code>
/// </summary>
/// <remarks>
/// Shapes and grid: as of <see cref="ExpertTensorCore{TOut, TEpilogue, TRows}"/>.
/// Work: <see cref="RegisterTile{T, TElement, TOut, TEpilogue, TRows}"/>.
/// </remarks>
public sealed class ExpertTile<T, TElement, TOut, TEpilogue, TRows>(Accelerator accelerator)
    where T : unmanaged
    where TElement : struct, IElement<T>
    where TOut : unmanaged
    where TEpilogue : struct, IEpilogue<TOut>
    where TRows : struct, IProductRows
{
    /// <summary>Rows of a tile.</summary>
    public const int Side = RegisterTile<T, TElement, TOut, TEpilogue, TRows>.Side;

    const int GroupSize = RegisterTile<T, TElement, TOut, TEpilogue, TRows>.GroupSize;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<TOut>, ArrayView<int>, ArrayView<int>, int, int> _kernel =
        accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, ArrayView<TOut>, ArrayView<int>, ArrayView<int>, int, int>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="a">Rows of inner.</param>
    /// <param name="w">[experts, columns, inner].</param>
    /// <param name="c">Rows of outputs.</param>
    /// <param name="list">What <typeparamref name="TRows"/> reads, for every row.</param>
    /// <param name="tiles">Tiles of <see cref="Side"/> rows, by <see cref="ExpertSort"/>.</param>
    /// <param name="product">The sizes.</param>
    public void Run(AcceleratorStream stream, ArrayView<T> a, ArrayView<T> w, ArrayView<TOut> c, ArrayView<int> list, ArrayView<int> tiles, ExpertProduct product)
    {
        Index3D grid = product.Grid(a.Length, w.Length, c.Length, list.Length, tiles.Length, Side, TEpilogue.Pairs);
        _kernel(stream, new KernelConfig(grid, new Index3D(GroupSize, 1, 1)), a, w, c, list, tiles, product.Columns, product.Inner);
    }

    static void Kernel(ArrayView<T> a, ArrayView<T> w, ArrayView<TOut> c, ArrayView<int> list, ArrayView<int> tiles, int columns, int inner)
    {
        LaunchOverlap.Begin();
        if (Grid.IdxY >= tiles[0])
            return;
        int entry = 1 + ExpertScratch.TileIntegers * Grid.IdxY;
        long matrix = (long)columns * inner;
        RegisterTile<T, TElement, TOut, TEpilogue, TRows>.Multiply(a, w.SubView(tiles[entry] * matrix, matrix), c, list,
            tiles[entry + 1], tiles[entry + 2], Grid.IdxX * Side, columns, inner);
    }
}
