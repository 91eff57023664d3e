using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul.Epilogues;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>The bf16 product with one epilogue: chooses the kernel for a shape.</summary>
/// <param name="accelerator">The device.</param>
/// <param name="hopper">The same product by the kernel of compute capability 9.0, where the device has it.</param>
sealed class ProductBFloat16<TOut, TEpilogue>(
    Accelerator accelerator, Action<AcceleratorStream, ArrayView<BFloat16>, ArrayView<BFloat16>, ArrayView<TOut>, MatMulShape>? hopper)
    where TOut : unmanaged
    where TEpilogue : struct, IEpilogue<TOut>
{
    readonly MatMulVector<BFloat16x8, TOut, TEpilogue> _vector = new(accelerator);
    readonly MatMulVector<Single<BFloat16, BFloat16Element>, TOut, TEpilogue> _scalar = new(accelerator);
    readonly MatMulTile<BFloat16, BFloat16Element, TOut, TEpilogue> _tile = new(accelerator);
    readonly MatMulTensorCores<TOut, TEpilogue> _tensorCore = new(accelerator);

    public void Run(AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w, ArrayView<TOut> c, MatMulShape shape)
    {
        bool packs = shape.Inner % 8 == 0;
        if (hopper is not null && shape.Rows > MatMulVector.MaxRows && shape.HasWholePacks(TEpilogue.Pairs))
        {
            hopper(stream, a, w, c, shape);
            return;
        }
        if (shape.Rows > MatMulVector.MaxRows && packs)
            _tensorCore.Run(stream, a, w, c, shape);
        else if (shape.Rows > MatMulVector.MaxRows)
            _tile.Run(stream, a, w, c, shape);
        else if (packs)
            _vector.Run(stream, a.Cast<BFloat16x8>(), w.Cast<BFloat16x8>(), c, shape);
        else
            _scalar.Run(stream, a.Cast<Single<BFloat16, BFloat16Element>>(), w.Cast<Single<BFloat16, BFloat16Element>>(), c, shape);
    }
}
