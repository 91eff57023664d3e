using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Hopper;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.Quantization;
using Half = ILGPU.Half;

namespace IlgpuDca.Verification;

/// <summary>Operands of products of 8-bit floats on a device, and the products, divided as a check wants it.</summary>
sealed class Float8Device : IDisposable
{
    readonly GuardedBuffer<BFloat16> _a;
    readonly GuardedBuffer<CodePack> _codes;
    readonly GuardedBuffer<Half> _scales;
    readonly UnpackedWeights<BFloat16, BFloat16Element> _unpacked;

    public Float8Device(Accelerator accelerator, Float8Operands data, WeightsFirstPlan plan, int mostCodes)
        : this(accelerator, data.A, data.Codes, data.Scales, data.Layout, plan, mostCodes)
    {
    }

    public Float8Device(Accelerator accelerator, BFloat16[] a, CodePack[] codes, Half[] scales, QuantizedLayout layout,
        WeightsFirstPlan plan, int mostCodes)
    {
        (_a, _codes, _scales) = (new(accelerator, a), new(accelerator, codes), new(accelerator, scales));
        _unpacked = new UnpackedWeights<BFloat16, BFloat16Element>(accelerator);
        W = new WeightMatrix<BFloat16>(default, [new QuantizedMatrix(_codes.View, _scales.View, layout)]);
        WeightsFirstProducts products = new(HopperChecks.HopperCase(accelerator), plan, mostCodes);
        Products = new WeightProducts<BFloat16, BFloat16Element, BFloat16x8>(accelerator, products, _unpacked);
    }

    public ArrayView<BFloat16> A => _a.View;

    public WeightMatrix<BFloat16> W { get; }

    public WeightProducts<BFloat16, BFloat16Element, BFloat16x8> Products { get; }

    public void Dispose()
    {
        _a.Dispose();
        _codes.Dispose();
        _scales.Dispose();
        _unpacked.Dispose();
    }
}
