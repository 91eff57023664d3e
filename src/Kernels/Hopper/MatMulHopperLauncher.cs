using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>Launches <see cref="MatMulHopper"/>'s kernels of one epilogue with the tile that suits the shape.</summary>
sealed class MatMulHopperLauncher<TEpilogue>(Accelerator accelerator, TensorMaps maps)
    where TEpilogue : struct, IMatMulEpilogue
{
    readonly Action<AcceleratorStream, KernelConfig, TensorMap, TensorMap, TensorMap, int, int, int>
        _columns256 = Load<Columns256>(accelerator), _columns192 = Load<Columns192>(accelerator), _columns128 = Load<Columns128>(accelerator);

    static Action<AcceleratorStream, KernelConfig, TensorMap, TensorMap, TensorMap, int, int, int> Load<TTile>(Accelerator accelerator)
        where TTile : struct, IMatMulTile =>
        accelerator.LoadKernel<TensorMap, TensorMap, TensorMap, int, int, int>(
            MatMulHopperKernel<TTile, TEpilogue>.Kernel, new KernelSpecialization(MatMulHopperKernel<TTile, TEpilogue>.GroupSize, 1));

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="a">[rows, inner].</param>
    /// <param name="w">[columns, inner].</param>
    /// <param name="c">[rows, outputColumns].</param>
    /// <param name="shape">The product's sizes.</param>
    /// <param name="outputColumns">Columns of c.</param>
    public void Run<T>(AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w, ArrayView<T> c, MatMulShape shape, int outputColumns)
        where T : unmanaged
    {
        shape.Check(a.Length, w.Length, c.Length, pairs: outputColumns != shape.Columns);
        if (!MatMulHopper.Supports(shape.Inner, outputColumns))
            throw new ArgumentException($"MatMulHopper: inner is {shape.Inner}, the output has {outputColumns} columns; both must be multiples of {MatMulHopper.Unit}.");
        switch (BestColumns(shape))
        {
            case 256:
                Run<T, Columns256>(_columns256, stream, a, w, c, shape, outputColumns);
                break;
            case 192:
                Run<T, Columns192>(_columns192, stream, a, w, c, shape, outputColumns);
                break;
            default:
                Run<T, Columns128>(_columns128, stream, a, w, c, shape, outputColumns);
                break;
        }
    }

    /// <summary>The tile width whose rounds over the multiprocessors compute the fewest columns; wide ones pay less for operands.</summary>
    int BestColumns(MatMulShape shape)
    {
        int best = 0;
        double least = double.MaxValue;
        foreach (int columns in (ReadOnlySpan<int>)[256, 192, 128])
        {
            // A tile is whole boxes.
            if (columns / 8 % TEpilogue.Groups != 0)
                continue;
            long tiles = (long)Tiles(shape.Rows, MatMulHopperKernel<Columns256, TEpilogue>.TileRows) * Tiles(shape.Columns, columns);
            double cost = (double)((tiles + accelerator.NumMultiprocessors - 1) / accelerator.NumMultiprocessors) * (columns + 16);
            if (cost < least)
                (best, least) = (columns, cost);
        }
        return best;
    }

    static int Tiles(int extent, int tile) => (extent + tile - 1) / tile;

    void Run<T, TTile>(
        Action<AcceleratorStream, KernelConfig, TensorMap, TensorMap, TensorMap, int, int, int> kernel, AcceleratorStream stream,
        ArrayView<BFloat16> a, ArrayView<BFloat16> w, ArrayView<T> c, MatMulShape shape, int outputColumns)
        where T : unmanaged
        where TTile : struct, IMatMulTile
    {
        const int depth = MatMulHopperKernel<Columns256, NarrowEpilogue>.Depth, tileRows = MatMulHopperKernel<Columns256, NarrowEpilogue>.TileRows;
        TensorMap mapA = maps.Of(a, shape.Rows, shape.Inner, shape.Inner, depth, tileRows);
        TensorMap mapW = maps.Of(w, shape.Columns, shape.Inner, shape.Inner, depth, TTile.Columns);
        TensorMap mapC = maps.Of(
            c, shape.Rows, outputColumns, outputColumns, TEpilogue.BoxColumns,
            MatMulHopperKernel<TTile, TEpilogue>.BoxRows);
        int rowTiles = Tiles(shape.Rows, tileRows), columnTiles = Tiles(shape.Columns, TTile.Columns);
        int groups = Math.Min(rowTiles * columnTiles, accelerator.NumMultiprocessors);
        kernel(stream, new KernelConfig(groups, MatMulHopperKernel<TTile, TEpilogue>.GroupSize, SharedMemoryConfig.RequestDynamic<byte>(MatMulHopperKernel<TTile, TEpilogue>.SharedBytes)),
            mapA, mapW, mapC, rowTiles, columnTiles, Tiles(shape.Inner, depth));
    }
}
