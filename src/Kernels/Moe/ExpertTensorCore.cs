using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.MatMul.Epilogues;
using IlgpuDca.Kernels.Quantization;
using Half = ILGPU.Half;

namespace IlgpuDca.Kernels.Moe;

/// <summary>
/// One product for all experts on the tensor cores: each tile of rows is multiplied with its expert's matrix, plain or quantised.
/// <code>c[target(r), n] = epilogue(sum over k of a[source(r), k] · w[expert of r, n, k])</code>
/// </summary>
/// <remarks>
/// Shapes: a rows of inner; w [experts, columns, inner]; c rows of columns, or of columns / 2 where columns are pairs; inner a multiple
/// of 8. Work: <see cref="TensorCoreTile{TTile, TOut, TEpilogue, TRows, TColumns}"/>; the grid has room for the most tiles that there can
/// be, and groups without one leave, so that the host need not know how many tokens chose which expert.
/// Traffic: weights, or their codes, once for each tile of 128 rows of an expert.
/// </remarks>
public sealed class ExpertTensorCore<TOut, TEpilogue, TRows>(Accelerator accelerator)
    where TOut : unmanaged
    where TEpilogue : struct, IEpilogue<TOut>
    where TRows : struct, IProductRows
{
    /// <summary>Rows of a tile.</summary>
    public const int Side = TensorCoreTile<Tile128x128, TOut, TEpilogue, TRows, PlainColumns<Tile128x128>>.Rows;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<BFloat16x8>, ArrayView<BFloat16x8>, ArrayView<TOut>, ArrayView<int>, ArrayView<int>, int, int> _kernel =
        accelerator.LoadKernel<ArrayView<BFloat16x8>, ArrayView<BFloat16x8>, ArrayView<TOut>, ArrayView<int>, ArrayView<int>, int, int>(Kernel);

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<BFloat16x8>, ArrayView<CodePack>, ArrayView<Half>, ArrayView<TOut>, ArrayView<int>, ArrayView<int>, int, int,
        SpecializedValue<int>, SpecializedValue<int>, SpecializedValue<int>> _quantized =
        accelerator.LoadKernel<ArrayView<BFloat16x8>, ArrayView<CodePack>, ArrayView<Half>, ArrayView<TOut>, ArrayView<int>, ArrayView<int>, int, int,
            SpecializedValue<int>, SpecializedValue<int>, SpecializedValue<int>>(QuantizedKernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="a">Rows of inner.</param>
    /// <param name="w">[experts, columns, inner].</param>
    /// <param name="c">Rows of outputs.</param>
    /// <param name="list">What <typeparamref name="TRows"/> reads, for every row.</param>
    /// <param name="tiles">Tiles of <see cref="Side"/> rows, by <see cref="ExpertSort"/>.</param>
    /// <param name="product">The sizes.</param>
    public void Run(AcceleratorStream stream, ArrayView<BFloat16> a, WeightMatrix<BFloat16> w, ArrayView<TOut> c, ArrayView<int> list, ArrayView<int> tiles,
        ExpertProduct product)
    {
        long weights = w.IsQuantized ? w.Whole.Weights : w.Plain.Length;
        Index3D grid = product.Grid(a.Length, weights, c.Length, list.Length, tiles.Length, Side, TEpilogue.Pairs);
        TensorCoreTile<Tile128x128, TOut, TEpilogue, TRows, PlainColumns<Tile128x128>>.CheckSizes(a.Length, (long)product.Columns * product.Inner);
        int packs = w.IsQuantized
            ? TensorCoreTile<Tile128x128, TOut, TEpilogue, TRows, CodedColumns<Tile128x128>>.SharedPacks + CodedColumns<Tile128x128>.PacksFor(w.Whole.Layout.Bits)
            : TensorCoreTile<Tile128x128, TOut, TEpilogue, TRows, PlainColumns<Tile128x128>>.SharedPacks;
        KernelConfig config = new(
            grid, new Index3D(Tile128x128.Columns, 1, 1), SharedMemoryConfig.RequestDynamic<BFloat16x8>(packs));
        if (!w.IsQuantized)
        {
            _kernel(stream, config, a.Cast<BFloat16x8>(), w.Plain.Cast<BFloat16x8>(), c, list, tiles, product.Columns, product.Inner / 8);
            return;
        }
        QuantizedMatrix matrix = w.Whole;
        matrix.Check((long)product.Experts * product.Columns, product.Inner);
        _quantized(stream, config, a.Cast<BFloat16x8>(), matrix.Codes, matrix.Scales, c, list, tiles, product.Columns, product.Inner / 8,
            SpecializedValue.New(matrix.Layout.Bits), SpecializedValue.New(matrix.Layout.GroupShift), SpecializedValue.New(matrix.Layout.Kind));
    }

    static void Kernel(ArrayView<BFloat16x8> a, ArrayView<BFloat16x8> w, ArrayView<TOut> c, ArrayView<int> list, ArrayView<int> tiles, int columns, int packs)
    {
        LaunchOverlap.Begin();
        if (Grid.IdxY >= tiles[0])
            return;
        int entry = 1 + ExpertScratch.TileIntegers * Grid.IdxY;
        long matrix = (long)columns * packs;
        PlainColumns<Tile128x128> source = new(w.SubView(tiles[entry] * matrix, matrix), LocalMemory.Allocate<int>(PlainColumns<Tile128x128>.Parts));
        TensorCoreTile<Tile128x128, TOut, TEpilogue, TRows, PlainColumns<Tile128x128>>.Multiply(
            a, source, c, list, tiles[entry + 1], tiles[entry + 2], Grid.IdxX * Tile128x128.Columns, columns, packs);
    }

    static void QuantizedKernel(ArrayView<BFloat16x8> a, ArrayView<CodePack> codes, ArrayView<Half> scales, ArrayView<TOut> c, ArrayView<int> list,
        ArrayView<int> tiles, int columns, int packs, SpecializedValue<int> bits, SpecializedValue<int> groupShift, SpecializedValue<int> kind)
    {
        LaunchOverlap.Begin();
        if (Grid.IdxY >= tiles[0])
            return;
        int entry = 1 + ExpertScratch.TileIntegers * Grid.IdxY;
        long weights = (long)columns * packs * CodeOctet.Count, first = tiles[entry] * weights;
        int halves = kind == 0 ? 1 : 2;
        CodedColumns<Tile128x128> source = new(
            codes.SubView(first * bits >> 7, weights * bits >> 7), scales.SubView((first >> groupShift) * halves, (weights >> groupShift) * halves),
            LocalMemory.Allocate<uint>(CodedColumns<Tile128x128>.ScaleWords), LocalMemory.Allocate<long>(2), bits, groupShift, kind);
        TensorCoreTile<Tile128x128, TOut, TEpilogue, TRows, CodedColumns<Tile128x128>>.Multiply(
            a, source, c, list, tiles[entry + 1], tiles[entry + 2], Grid.IdxX * Tile128x128.Columns, columns, packs);
    }
}
