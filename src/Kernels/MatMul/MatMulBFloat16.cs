using ILGPU;
using ILGPU.Runtime;
#if !ILGPU_PACKAGE
using IlgpuDca.Kernels.Hopper;
#endif
using IlgpuDca.Kernels.MatMul.Epilogues;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>Products of the bf16 mode.</summary>
public sealed class MatMulBFloat16(Accelerator accelerator) : MatMul<BFloat16>
{
    readonly ProductBFloat16<float, Overwrite> _run = new(accelerator);
    readonly ProductBFloat16<float, Accumulate> _add = new(accelerator);
    readonly ProductBFloat16<BFloat16, Narrowed<BFloat16, BFloat16Element>> _narrow = new(accelerator);
    readonly ProductBFloat16<BFloat16, Gate<BFloat16, BFloat16Element>> _gated = new(accelerator);

#if !ILGPU_PACKAGE
    readonly MatMulHopper? _hopper = HopperDevice.Is(accelerator) ? new(accelerator) : null;
#endif

    public override void Run(AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w, ArrayView<float> c, MatMulShape shape)
    {
        if (Hopper(shape, shape.Columns) is { } hopper)
            hopper.Run(stream, a, w, c, shape);
        else
            _run.Run(stream, a, w, c, shape);
    }

    public override void Add(AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w, ArrayView<float> residual, MatMulShape shape)
    {
        if (Hopper(shape, shape.Columns) is { } hopper)
            hopper.Add(stream, a, w, residual, shape);
        else
            _add.Run(stream, a, w, residual, shape);
    }

    public override void Narrow(AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w, ArrayView<BFloat16> c, MatMulShape shape)
    {
        if (Hopper(shape, shape.Columns) is { } hopper)
            hopper.Narrow(stream, a, w, c, shape);
        else
            _narrow.Run(stream, a, w, c, shape);
    }

    public override void Gated(AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w, ArrayView<BFloat16> c, MatMulShape shape)
    {
        if (Hopper(shape, shape.Columns / 2) is { } hopper)
            hopper.Gated(stream, a, w, c, shape);
        else
            _gated.Run(stream, a, w, c, shape);
    }

    /// <summary>Hopper's kernel where the device has it and the shape more rows than the vector kernel takes.</summary>
    MatMul<BFloat16>? Hopper(MatMulShape shape, int outputColumns)
    {
#if ILGPU_PACKAGE
        return null;
#else
        return shape.Rows > MatMulVector.MaxRows && MatMulHopper.Supports(shape.Inner, outputColumns) ? _hopper : null;
#endif
    }
}
