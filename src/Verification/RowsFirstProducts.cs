using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Hopper;
using IlgpuDca.Kernels.MatMul;
using Bf16 = ILGPU.ArrayView<IlgpuDca.Kernels.BFloat16>;
using Fp32 = ILGPU.ArrayView<float>;

namespace IlgpuDca.Verification;

/// <summary>The products of <see cref="MatMulHopperLauncher{TEpilogue}"/>, of small shapes too.</summary>
sealed class RowsFirstProducts(Accelerator accelerator) : MatMul<BFloat16>
{
    readonly TensorMaps _maps = new(accelerator);

    public override void Run(AcceleratorStream stream, Bf16 a, Bf16 w, Fp32 c, MatMulShape shape) =>
        Of<WideEpilogue>().Run(stream, a, w, c, shape, shape.Columns);

    public override void Add(AcceleratorStream stream, Bf16 a, Bf16 w, Fp32 residual, MatMulShape shape) =>
        Of<AddEpilogue>().Run(stream, a, w, residual, shape, shape.Columns);

    public override void Narrow(AcceleratorStream stream, Bf16 a, Bf16 w, Bf16 c, MatMulShape shape) =>
        Of<NarrowEpilogue>().Run(stream, a, w, c, shape, shape.Columns);

    public override void Gated(AcceleratorStream stream, Bf16 a, Bf16 w, Bf16 c, MatMulShape shape) =>
        Of<GatedEpilogue>().Run(stream, a, w, c, shape, shape.Columns / 2);

    MatMulHopperLauncher<TEpilogue> Of<TEpilogue>()
        where TEpilogue : struct, IMatMulEpilogue => new(accelerator, _maps);
}
