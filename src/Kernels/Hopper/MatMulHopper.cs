using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>
/// Matrix product for many rows by wgmma and the copy engine (sm_90a): bfloat16 operands, float32 sums.
/// <code>c[m, n] = sum over k of a[m, k] · w[n, k]</code>
/// </summary>
/// <remarks>Shapes: <see cref="MatMulShape"/>; any rows, columns and inner multiples of 8 (gated: columns of 16).</remarks>
public sealed class MatMulHopper(Accelerator accelerator) : MatMul<BFloat16>
{
    readonly MatMulHopperLauncher<NarrowEpilogue> _narrow = new(accelerator);
    readonly MatMulHopperLauncher<GatedEpilogue> _gated = new(accelerator);
    readonly MatMulHopperLauncher<WideEpilogue> _wide = new(accelerator);
    readonly MatMulHopperLauncher<AddEpilogue> _add = new(accelerator);

    public override void Run(AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w, ArrayView<float> c, MatMulShape shape) =>
        _wide.Run(stream, a, w, c, shape, shape.Columns);

    public override void Add(AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w, ArrayView<float> c, MatMulShape shape) =>
        _add.Run(stream, a, w, c, shape, shape.Columns);

    public override void Narrow(AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w, ArrayView<BFloat16> c, MatMulShape shape) =>
        _narrow.Run(stream, a, w, c, shape, shape.Columns);

    public override void Gated(AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w, ArrayView<BFloat16> c, MatMulShape shape) =>
        _gated.Run(stream, a, w, c, shape, shape.Columns / 2);
}
