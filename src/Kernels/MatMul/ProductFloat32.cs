using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul.Epilogues;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>The float32 product with one epilogue: chooses the kernel for a shape.</summary>
sealed class ProductFloat32<TEpilogue>(Accelerator accelerator)
    where TEpilogue : struct, IEpilogue<float>
{
    readonly MatMulRow<Float32x4, float, TEpilogue> _row = new(accelerator);
    readonly MatMulVector<Float32x4, float, TEpilogue> _vector = new(accelerator);
    readonly MatMulVector<Single<float, Float32Element>, float, TEpilogue> _scalar = new(accelerator);
    readonly MatMulTile<float, Float32Element, float, TEpilogue> _tile = new(accelerator);

    public void Run(AcceleratorStream stream, ArrayView<float> a, ArrayView<float> w, ArrayView<float> c, MatMulShape shape)
    {
        if (shape.Rows > MatMulVector.MaxRows)
            _tile.Run(stream, a, w, c, shape);
        else if (shape.Inner % 4 == 0 && shape.Rows == 1)
            _row.Run(stream, a.Cast<Float32x4>(), w.Cast<Float32x4>(), c, shape);
        else if (shape.Inner % 4 == 0)
            _vector.Run(stream, a.Cast<Float32x4>(), w.Cast<Float32x4>(), c, shape);
        else
            _scalar.Run(stream, a.Cast<Single<float, Float32Element>>(), w.Cast<Single<float, Float32Element>>(), c, shape);
    }
}
