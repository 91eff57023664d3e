using ILGPU;
using ILGPU.Runtime;
#if !ILGPU_PACKAGE
using IlgpuDca.Kernels.Hopper;
#endif
using IlgpuDca.Kernels.MatMul.Epilogues;
using IlgpuDca.Kernels.Quantization;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>Products of the bf16 mode.</summary>
public sealed class MatMulBFloat16 : MatMul<BFloat16>
{
    readonly ProductBFloat16<float, Overwrite> _run;
    readonly ProductBFloat16<float, Accumulate> _add;
    readonly ProductBFloat16<BFloat16, Narrowed<BFloat16, BFloat16Element>> _narrow;
    readonly ProductBFloat16<BFloat16, Gate<BFloat16, BFloat16Element>> _gated;

    public MatMulBFloat16(Accelerator accelerator)
    {
        MatMul<BFloat16>? hopper = null;
#if !ILGPU_PACKAGE
        if (TakesHopper(accelerator))
            hopper = new MatMulHopper(accelerator);
#endif
        Quantized = hopper?.Quantized;
        _run = new(accelerator, hopper is null ? null : hopper.Run);
        _add = new(accelerator, hopper is null ? null : hopper.Add);
        _narrow = new(accelerator, hopper is null ? null : hopper.Narrow);
        _gated = new(accelerator, hopper is null ? null : hopper.Gated);
    }

    /// <summary>Whether <see cref="Quantized"/> will be there.</summary>
    public static bool ConvertsWeights(Accelerator accelerator) => ScratchBytes(accelerator) > 0;

    /// <summary>Bytes that the products allocate for themselves, with the first that needs them.</summary>
    public static long ScratchBytes(Accelerator accelerator)
    {
#if !ILGPU_PACKAGE
        return TakesHopper(accelerator) ? PartialBuffers.Bytes(accelerator) : 0;
#else
        return 0;
#endif
    }

    /// <summary>Bytes that products of 8-bit floats allocate besides, likewise.</summary>
    public static long Float8Bytes(Accelerator accelerator)
    {
#if !ILGPU_PACKAGE
        return TakesHopper(accelerator) ? RowsToFloat8.Bytes : 0;
#else
        return 0;
#endif
    }

#if !ILGPU_PACKAGE
    static bool TakesHopper(Accelerator accelerator) =>
        HopperDevice.Is(accelerator) && !KernelChoice.IsWarpWide(KernelChoice.MatMul);
#endif

    public override IQuantizedProducts<BFloat16>? Quantized { get; }

    public override void Run(AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w, ArrayView<float> c, MatMulShape shape) =>
        _run.Run(stream, a, w, c, shape);

    public override void Add(AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w, ArrayView<float> residual, MatMulShape shape) =>
        _add.Run(stream, a, w, residual, shape);

    public override void Narrow(AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w, ArrayView<BFloat16> c, MatMulShape shape) =>
        _narrow.Run(stream, a, w, c, shape);

    public override void Gated(AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w, ArrayView<BFloat16> c, MatMulShape shape) =>
        _gated.Run(stream, a, w, c, shape);
}
