using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Hopper;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.Quantization;
using Bf16 = ILGPU.ArrayView<IlgpuDca.Kernels.BFloat16>;
using Fp32 = ILGPU.ArrayView<float>;
using Parts = System.Collections.Immutable.ImmutableArray<IlgpuDca.Kernels.Quantization.QuantizedMatrix>;

namespace IlgpuDca.Verification;

/// <summary>The products with the weights as the left operand, divided as a check wants it.</summary>
sealed class WeightsFirstProducts(Accelerator accelerator, WeightsFirstPlan plan, int mostCodes = 1 << 20)
    : MatMul<BFloat16>, IQuantizedProducts<BFloat16>
{
    readonly TensorMaps _maps = new(accelerator);
    readonly PartialBuffers _partials = new(accelerator);
    readonly RowsToFloat8 _rowsToFloat8 = new(accelerator, mostCodes);

    public int ColumnUnit => MatMulHopper.Unit;

    public override IQuantizedProducts<BFloat16> Quantized => this;

    public override void Run(AcceleratorStream stream, Bf16 a, Bf16 w, Fp32 c, MatMulShape shape) =>
        Of<WideEpilogue>().Run(stream, a, w, c, shape, plan);

    public override void Add(AcceleratorStream stream, Bf16 a, Bf16 w, Fp32 residual, MatMulShape shape) =>
        Of<AddEpilogue>().Run(stream, a, w, residual, shape, plan);

    public override void Narrow(AcceleratorStream stream, Bf16 a, Bf16 w, Bf16 c, MatMulShape shape) =>
        Of<NarrowEpilogue>().Run(stream, a, w, c, shape, plan);

    public override void Gated(AcceleratorStream stream, Bf16 a, Bf16 w, Bf16 c, MatMulShape shape) =>
        Of<GatedEpilogue>().Run(stream, a, w, c, shape, plan);

    public void Run(AcceleratorStream stream, Bf16 a, Parts w, Fp32 c, MatMulShape shape) =>
        Of<WideEpilogue>().Run(stream, a, w, c, shape, plan);

    public void Add(AcceleratorStream stream, Bf16 a, Parts w, Fp32 residual, MatMulShape shape) =>
        Of<AddEpilogue>().Run(stream, a, w, residual, shape, plan);

    public void Narrow(AcceleratorStream stream, Bf16 a, Parts w, Bf16 c, MatMulShape shape) =>
        Of<NarrowEpilogue>().Run(stream, a, w, c, shape, plan);

    public void Gated(AcceleratorStream stream, Bf16 a, Parts w, Bf16 c, MatMulShape shape) =>
        Of<GatedEpilogue>().Run(stream, a, w, c, shape, plan);

    WeightsFirstLauncher<TEpilogue> Of<TEpilogue>()
        where TEpilogue : struct, IMatMulEpilogue => new(accelerator, _maps, _partials, _rowsToFloat8);
}
