using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul.Epilogues;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>
/// <see cref="MatMulTensorCore{TTile, TOut, TEpilogue}"/> with the tile that suits the device and the shape.
/// </summary>
sealed class MatMulTensorCores<TOut, TEpilogue>(Accelerator accelerator)
    where TOut : unmanaged
    where TEpilogue : struct, IEpilogue<TOut>
{
    readonly MatMulTensorCore<Tile128x128, TOut, TEpilogue> _small = new(accelerator);
#if !ILGPU_PACKAGE
    readonly MatMulTensorCore<Tile128x256, TOut, TEpilogue>? _wide =
        MatMulTensorCore<Tile128x256, TOut, TEpilogue>.SharedBytes <= accelerator.MaxSharedMemoryPerGroup
            ? new(accelerator) : null;
#endif

    /// <inheritdoc cref="MatMulTensorCore{TTile, TOut, TEpilogue}.Run"/>
    public void Run(
        AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w, ArrayView<TOut> c, MatMulShape shape)
    {
#if !ILGPU_PACKAGE
        if (_wide is not null && IsWide(shape))
        {
            _wide.Run(stream, a, w, c, shape);
            return;
        }
#endif
        _small.Run(stream, a, w, c, shape);
    }

#if !ILGPU_PACKAGE
    /// <summary>
    /// Whether wide tiles compute no more columns over all rounds of the multiprocessors; they read operands less often.
    /// </summary>
    bool IsWide(MatMulShape shape) =>
        Rounds(MatMulTensorCore<Tile128x256, TOut, TEpilogue>.Tiles(shape)) * Tile128x256.Columns
        <= Rounds(MatMulTensorCore<Tile128x128, TOut, TEpilogue>.Tiles(shape)) * Tile128x128.Columns;

    long Rounds(long tiles) => (tiles - 1) / accelerator.NumMultiprocessors + 1;
#endif
}
