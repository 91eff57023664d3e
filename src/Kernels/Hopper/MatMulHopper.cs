using System.Collections.Immutable;
using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.Quantization;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>
/// Matrix product of more than two rows by wgmma and the copy engine (sm_90a): bfloat16 operands, float32 sums; plain
/// weights, and quantised ones that become bfloat16 on their way to the tensor cores, or 8-bit floats times 8-bit floats.
/// <code>c[m, n] = sum over k of a[m, k] · w[n, k]</code>
/// </summary>
/// <remarks>Shapes: <see cref="MatMulShape"/>; any rows, columns and inner multiples of 8 (gated: columns of 16).</remarks>
public sealed class MatMulHopper : MatMul<BFloat16>, IQuantizedProducts<BFloat16>
{
    /// <summary>What inner and columns must be multiples of: tensors' rows start at multiples of 16 bytes.</summary>
    public const int Unit = 8;

    /// <summary>Rows up to which <see cref="MatMulVector{TPack, TOut, TEpilogue}"/> is as fast.</summary>
    public const int VectorRows = 2;

    /// <summary>Whether a product of this many inner elements and output columns has this kernel.</summary>
    public static bool Supports(int inner, int outputColumns) => inner % Unit == 0 && outputColumns % Unit == 0;

    readonly HopperProduct<NarrowEpilogue> _narrow;
    readonly HopperProduct<GatedEpilogue> _gated;
    readonly HopperProduct<WideEpilogue> _wide;
    readonly HopperProduct<AddEpilogue> _add;

    public MatMulHopper(Accelerator accelerator)
    {
        TensorMaps maps = new(accelerator);
        PartialBuffers partials = new(accelerator);
        RowsToFloat8 rowsToFloat8 = new(accelerator);
        _narrow = new(accelerator, maps, partials, rowsToFloat8);
        _gated = new(accelerator, maps, partials, rowsToFloat8);
        _wide = new(accelerator, maps, partials, rowsToFloat8);
        _add = new(accelerator, maps, partials, rowsToFloat8);
    }

    public int ColumnUnit => Unit;

    public override IQuantizedProducts<BFloat16> Quantized => this;

    public override void Run(
        AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w,
        ArrayView<float> c, MatMulShape shape) => _wide.Run(stream, a, w, c, shape);

    public override void Add(
        AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w,
        ArrayView<float> residual, MatMulShape shape) => _add.Run(stream, a, w, residual, shape);

    public override void Narrow(
        AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w,
        ArrayView<BFloat16> c, MatMulShape shape) => _narrow.Run(stream, a, w, c, shape);

    public override void Gated(
        AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w,
        ArrayView<BFloat16> c, MatMulShape shape) => _gated.Run(stream, a, w, c, shape);

    public void Run(
        AcceleratorStream stream, ArrayView<BFloat16> a, ImmutableArray<QuantizedMatrix> w,
        ArrayView<float> c, MatMulShape shape) => _wide.Run(stream, a, w, c, shape);

    public void Add(
        AcceleratorStream stream, ArrayView<BFloat16> a, ImmutableArray<QuantizedMatrix> w,
        ArrayView<float> residual, MatMulShape shape) => _add.Run(stream, a, w, residual, shape);

    public void Narrow(
        AcceleratorStream stream, ArrayView<BFloat16> a, ImmutableArray<QuantizedMatrix> w,
        ArrayView<BFloat16> c, MatMulShape shape) => _narrow.Run(stream, a, w, c, shape);

    public void Gated(
        AcceleratorStream stream, ArrayView<BFloat16> a, ImmutableArray<QuantizedMatrix> w,
        ArrayView<BFloat16> c, MatMulShape shape) => _gated.Run(stream, a, w, c, shape);
}
