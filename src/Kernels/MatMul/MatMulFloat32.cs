using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>Products of the float32 mode.</summary>
public sealed class MatMulFloat32(Accelerator accelerator) : MatMul<float>
{
    readonly MatMulVector<Float32x4> _vector = new(accelerator);
    readonly MatMulVector<Single<float, Float32Element>> _scalar = new(accelerator);
    readonly MatMulTile<float, Float32Element> _tile = new(accelerator);

    public override void Run(AcceleratorStream stream, ArrayView<float> a, ArrayView<float> w, ArrayView<float> c, MatMulShape shape)
    {
        if (shape.Rows > MatMulVector<Float32x4>.MaxRows)
            _tile.Run(stream, a, w, c, shape);
        else if (shape.Inner % 4 == 0)
            _vector.Run(stream, a.Cast<Float32x4>(), w.Cast<Float32x4>(), c, shape);
        else
            _scalar.Run(stream, a.Cast<Single<float, Float32Element>>(), w.Cast<Single<float, Float32Element>>(), c, shape);
    }
}
