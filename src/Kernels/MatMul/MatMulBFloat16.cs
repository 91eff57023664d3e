using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>Products of the bf16 mode.</summary>
public sealed class MatMulBFloat16(Accelerator accelerator) : MatMul<BFloat16>
{
    readonly MatMulVector<BFloat16x8> _vector = new(accelerator);
    readonly MatMulVector<Single<BFloat16, BFloat16Element>> _scalar = new(accelerator);
    readonly MatMulTile<BFloat16, BFloat16Element> _tile = new(accelerator);
    readonly MatMulTensorCore _tensorCore = new(accelerator);

    public override void Run(AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w, ArrayView<float> c, MatMulShape shape)
    {
        bool packs = shape.Inner % 8 == 0;
        if (shape.Rows > MatMulVector<BFloat16x8>.MaxRows && packs)
            _tensorCore.Run(stream, a, w, c, shape);
        else if (shape.Rows > MatMulVector<BFloat16x8>.MaxRows)
            _tile.Run(stream, a, w, c, shape);
        else if (packs)
            _vector.Run(stream, a.Cast<BFloat16x8>(), w.Cast<BFloat16x8>(), c, shape);
        else
            _scalar.Run(stream, a.Cast<Single<BFloat16, BFloat16Element>>(), w.Cast<Single<BFloat16, BFloat16Element>>(), c, shape);
    }
}
