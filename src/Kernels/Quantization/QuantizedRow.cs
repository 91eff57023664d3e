using ILGPU;
using ILGPU.Runtime;
#if !ILGPU_PACKAGE
using IlgpuDca.Kernels.Hopper;
#endif
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.MatMul.Epilogues;

namespace IlgpuDca.Kernels.Quantization;

/// <summary>The product of one row with a quantised matrix with one epilogue: chooses the kernel for the device.</summary>
/// <param name="accelerator">The device.</param>
sealed class QuantizedRow<TPack, TOut, TEpilogue>(Accelerator accelerator)
    where TPack : unmanaged, IPack<TPack>
    where TOut : unmanaged
    where TEpilogue : struct, IEpilogue<TOut>
{
    readonly MatMulQuantizedVector<TPack, TOut, TEpilogue> _vector = new(accelerator);
#if !ILGPU_PACKAGE
    readonly RowStream<TPack, TOut, TEpilogue>? _stream = HopperDevice.Is(accelerator) ? new(accelerator) : null;
#endif

    /// <inheritdoc cref="MatMulQuantizedVector{TPack, TOut, TEpilogue}.Run"/>
    public void Run(AcceleratorStream stream, ArrayView<TPack> a, QuantizedMatrix w, ArrayView<TOut> c, MatMulShape shape)
    {
#if !ILGPU_PACKAGE
        if (_stream is not null && RowStream<TPack, TOut, TEpilogue>.Supports(shape)
            && RowStream<TPack, TOut, TEpilogue>.Supports(w))
        {
            _stream.Run(stream, a, w, c, shape);
            return;
        }
#endif
        _vector.Run(stream, a, w, c, shape);
    }
}
