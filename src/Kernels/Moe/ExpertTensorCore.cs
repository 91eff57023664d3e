using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.MatMul.Epilogues;

namespace IlgpuDca.Kernels.Moe;

/// <summary>
/// One product for all experts on the tensor cores: each tile of rows is multiplied with its expert's matrix.
/// <code>c[target(r), n] = epilogue(sum over k of a[source(r), k] · w[expert of r, n, k])</code>
/// </summary>
/// <remarks>
/// Shapes: a rows of inner; w [experts, columns, inner]; c rows of columns, or of columns / 2 where columns are pairs; inner a multiple
/// of 8. Work: <see cref="TensorCoreTile{TTile, TOut, TEpilogue, TRows}"/>; the grid has room for the most tiles that there can be, and groups
/// without one leave, so that the host need not know how many tokens chose which expert.
/// </remarks>
public sealed class ExpertTensorCore<TOut, TEpilogue, TRows>(Accelerator accelerator)
    where TOut : unmanaged
    where TEpilogue : struct, IEpilogue<TOut>
    where TRows : struct, IProductRows
{
    /// <summary>Rows of a tile.</summary>
    public const int Side = TensorCoreTile<Tile128x128, TOut, TEpilogue, TRows>.Rows;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<BFloat16x8>, ArrayView<BFloat16x8>, ArrayView<TOut>, ArrayView<int>, ArrayView<int>, int, int> _kernel =
        accelerator.LoadKernel<ArrayView<BFloat16x8>, ArrayView<BFloat16x8>, ArrayView<TOut>, ArrayView<int>, ArrayView<int>, int, int>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="a">Rows of inner.</param>
    /// <param name="w">[experts, columns, inner].</param>
    /// <param name="c">Rows of outputs.</param>
    /// <param name="list">What <typeparamref name="TRows"/> reads, for every row.</param>
    /// <param name="tiles">Tiles of <see cref="Side"/> rows, by <see cref="ExpertSort"/>.</param>
    /// <param name="product">The sizes.</param>
    public void Run(AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w, ArrayView<TOut> c, ArrayView<int> list, ArrayView<int> tiles,
        ExpertProduct product)
    {
        Index3D grid = product.Grid(a.Length, w.Length, c.Length, list.Length, tiles.Length, Side, TEpilogue.Pairs);
        TensorCoreTile<Tile128x128, TOut, TEpilogue, TRows>.CheckSizes(a.Length, (long)product.Columns * product.Inner);
        int packs = TensorCoreTile<Tile128x128, TOut, TEpilogue, TRows>.SharedPacks;
        KernelConfig config = new(
            grid, new Index3D(Tile128x128.Columns, 1, 1), SharedMemoryConfig.RequestDynamic<BFloat16x8>(packs));
        _kernel(stream, config, a.Cast<BFloat16x8>(), w.Cast<BFloat16x8>(), c, list, tiles,
            product.Columns, product.Inner / 8);
    }

    static void Kernel(ArrayView<BFloat16x8> a, ArrayView<BFloat16x8> w, ArrayView<TOut> c, ArrayView<int> list, ArrayView<int> tiles, int columns, int packs)
    {
        LaunchOverlap.Begin();
        if (Grid.IdxY >= tiles[0])
            return;
        int entry = 1 + ExpertScratch.TileIntegers * Grid.IdxY;
        long matrix = (long)columns * packs;
        TensorCoreTile<Tile128x128, TOut, TEpilogue, TRows>.Multiply(
            a, w.SubView(tiles[entry] * matrix, matrix), c, list, tiles[entry + 1], tiles[entry + 2], Grid.IdxX * Tile128x128.Columns, columns, packs);
    }
}
