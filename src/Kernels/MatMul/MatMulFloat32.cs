using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul.Epilogues;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>Products of the float32 mode.</summary>
public sealed class MatMulFloat32(Accelerator accelerator) : MatMul<float>
{
    readonly ProductFloat32<Overwrite> _run = new(accelerator);
    readonly ProductFloat32<Accumulate> _add = new(accelerator);
    readonly ProductFloat32<Gate<float, Float32Element>> _gated = new(accelerator);

    public override void Run(AcceleratorStream stream, ArrayView<float> a, ArrayView<float> w, ArrayView<float> c, MatMulShape shape) =>
        _run.Run(stream, a, w, c, shape);

    public override void Add(AcceleratorStream stream, ArrayView<float> a, ArrayView<float> w, ArrayView<float> residual, MatMulShape shape) =>
        _add.Run(stream, a, w, residual, shape);

    public override void Narrow(AcceleratorStream stream, ArrayView<float> a, ArrayView<float> w, ArrayView<float> c, MatMulShape shape) =>
        _run.Run(stream, a, w, c, shape);

    public override void Gated(AcceleratorStream stream, ArrayView<float> a, ArrayView<float> w, ArrayView<float> c, MatMulShape shape) =>
        _gated.Run(stream, a, w, c, shape);
}
