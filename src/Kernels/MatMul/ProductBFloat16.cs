using ILGPU;
using ILGPU.Runtime;
#if !ILGPU_PACKAGE
using IlgpuDca.Kernels.Hopper;
#endif
using IlgpuDca.Kernels.MatMul.Epilogues;
#if ILGPU_PACKAGE
#pragma warning disable CS9113 // There is no other product.
#endif

namespace IlgpuDca.Kernels.MatMul;

/// <summary>The bf16 product with one epilogue: chooses the kernel for a shape.</summary>
/// <param name="accelerator">The device.</param>
/// <param name="hopper">The same product by the kernel of compute capability 9.0, where the device has it.</param>
sealed class ProductBFloat16<TOut, TEpilogue>(
    Accelerator accelerator, Action<AcceleratorStream, ArrayView<BFloat16>, ArrayView<BFloat16>, ArrayView<TOut>, MatMulShape>? hopper)
    where TOut : unmanaged
    where TEpilogue : struct, IEpilogue<TOut>
{
    readonly MatMulRow<BFloat16x8, TOut, TEpilogue> _row = new(accelerator);
    readonly MatMulVector<BFloat16x8, TOut, TEpilogue> _vector = new(accelerator);
    readonly MatMulVector<Single<BFloat16, BFloat16Element>, TOut, TEpilogue> _scalar = new(accelerator);
    readonly MatMulTile<BFloat16, BFloat16Element, TOut, TEpilogue> _tile = new(accelerator);
    readonly MatMulTensorCores<TOut, TEpilogue> _tensorCore = new(accelerator);

    public void Run(AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w, ArrayView<TOut> c, MatMulShape shape)
    {
        bool packs = shape.Inner % 8 == 0;
#if !ILGPU_PACKAGE
        if (hopper is not null && shape.Rows > MatMulHopper.VectorRows
            && MatMulHopper.Supports(shape.Inner, TEpilogue.Pairs ? shape.Columns / 2 : shape.Columns))
        {
            hopper(stream, a, w, c, shape);
            return;
        }
#endif
        if (shape.Rows > MatMulVector.MaxRows && packs)
            _tensorCore.Run(stream, a, w, c, shape);
        else if (shape.Rows > MatMulVector.MaxRows)
            _tile.Run(stream, a, w, c, shape);
        else if (packs && shape.Rows == 1)
            _row.Run(stream, a.Cast<BFloat16x8>(), w.Cast<BFloat16x8>(), c, shape);
        else if (packs)
            _vector.Run(stream, a.Cast<BFloat16x8>(), w.Cast<BFloat16x8>(), c, shape);
        else
            _scalar.Run(stream, a.Cast<Single<BFloat16, BFloat16Element>>(), w.Cast<Single<BFloat16, BFloat16Element>>(), c, shape);
    }
}
