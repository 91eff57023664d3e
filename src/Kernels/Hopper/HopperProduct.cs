using System.Collections.Immutable;
using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.Quantization;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>The products of <see cref="MatMulHopper"/> with one epilogue: rows or weights come first, as the shape suggests.</summary>
sealed class HopperProduct<TEpilogue>(Accelerator accelerator, TensorMaps maps, PartialBuffers partials, RowsToFloat8 rowsToFloat8)
    where TEpilogue : struct, IMatMulEpilogue
{
    /// <summary>Rows and columns of the tiles that decide which kernel plain weights take.</summary>
    const int SmallTile = 128;

    readonly MatMulHopperLauncher<TEpilogue> _rowsFirst = new(accelerator, maps);
    readonly WeightsFirstLauncher<TEpilogue> _weightsFirst = new(accelerator, maps, partials, rowsToFloat8);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="a">[rows, inner].</param>
    /// <param name="w">[columns, inner].</param>
    /// <param name="c">[rows, columns], or [rows, columns / 2] where columns are pairs.</param>
    /// <param name="shape">The product's sizes.</param>
    public void Run<T>(AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w, ArrayView<T> c, MatMulShape shape)
        where T : unmanaged
    {
        if (IsSmall(shape))
            _weightsFirst.Run(stream, a, w, c, shape);
        else
            _rowsFirst.Run(stream, a, w, c, shape, WeightsFirstLauncher<TEpilogue>.Outputs(shape));
    }

    /// <summary>The same with quantised weights.</summary>
    public void Run<T>(AcceleratorStream stream, ArrayView<BFloat16> a, ImmutableArray<QuantizedMatrix> w, ArrayView<T> c, MatMulShape shape)
        where T : unmanaged => _weightsFirst.Run(stream, a, w, c, shape);

    /// <summary>One row of tiles, or tiles for less than half of the multiprocessors: the weights come first.</summary>
    bool IsSmall(MatMulShape shape)
    {
        long tiles = (shape.Rows + SmallTile - 1L) / SmallTile * ((shape.Columns + SmallTile - 1) / SmallTile);
        return shape.Rows <= SmallTile || 2 * tiles <= accelerator.NumMultiprocessors;
    }
}
