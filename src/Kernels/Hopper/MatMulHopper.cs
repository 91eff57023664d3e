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

    /// <summary>Rows and columns of the tiles that decide which kernel plain weights take.</summary>
    const int SmallTile = 128;

    readonly Accelerator _accelerator;
    readonly MatMulHopperLauncher<NarrowEpilogue> _narrow;
    readonly MatMulHopperLauncher<GatedEpilogue> _gated;
    readonly MatMulHopperLauncher<WideEpilogue> _wide;
    readonly MatMulHopperLauncher<AddEpilogue> _add;
    readonly WeightsFirstLauncher<NarrowEpilogue> _narrowFirst;
    readonly WeightsFirstLauncher<GatedEpilogue> _gatedFirst;
    readonly WeightsFirstLauncher<WideEpilogue> _wideFirst;
    readonly WeightsFirstLauncher<AddEpilogue> _addFirst;

    public MatMulHopper(Accelerator accelerator)
    {
        _accelerator = accelerator;
        TensorMaps maps = new(accelerator);
        PartialBuffers partials = new(accelerator);
        RowsToFloat8 rowsToFloat8 = new(accelerator);
        _narrow = new(accelerator, maps);
        _gated = new(accelerator, maps);
        _wide = new(accelerator, maps);
        _add = new(accelerator, maps);
        _narrowFirst = new(accelerator, maps, partials, rowsToFloat8);
        _gatedFirst = new(accelerator, maps, partials, rowsToFloat8);
        _wideFirst = new(accelerator, maps, partials, rowsToFloat8);
        _addFirst = new(accelerator, maps, partials, rowsToFloat8);
    }

    /// <summary>One row of tiles, or tiles for less than half of the multiprocessors: the weights come first.</summary>
    bool IsSmall(MatMulShape shape)
    {
        long tiles = (shape.Rows + SmallTile - 1L) / SmallTile * ((shape.Columns + SmallTile - 1) / SmallTile);
        return shape.Rows <= SmallTile || 2 * tiles <= _accelerator.NumMultiprocessors;
    }

    public int ColumnUnit => Unit;

    public override IQuantizedProducts<BFloat16> Quantized => this;

    public override void Run(
        AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w,
        ArrayView<float> c, MatMulShape shape)
    {
        if (IsSmall(shape))
            _wideFirst.Run(stream, a, w, c, shape);
        else
            _wide.Run(stream, a, w, c, shape, shape.Columns);
    }

    public override void Add(
        AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w,
        ArrayView<float> residual, MatMulShape shape)
    {
        if (IsSmall(shape))
            _addFirst.Run(stream, a, w, residual, shape);
        else
            _add.Run(stream, a, w, residual, shape, shape.Columns);
    }

    public override void Narrow(
        AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w,
        ArrayView<BFloat16> c, MatMulShape shape)
    {
        if (IsSmall(shape))
            _narrowFirst.Run(stream, a, w, c, shape);
        else
            _narrow.Run(stream, a, w, c, shape, shape.Columns);
    }

    public override void Gated(
        AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w,
        ArrayView<BFloat16> c, MatMulShape shape)
    {
        if (IsSmall(shape))
            _gatedFirst.Run(stream, a, w, c, shape);
        else
            _gated.Run(stream, a, w, c, shape, shape.Columns / 2);
    }

    public void Run(
        AcceleratorStream stream, ArrayView<BFloat16> a, ImmutableArray<QuantizedMatrix> w,
        ArrayView<float> c, MatMulShape shape) => _wideFirst.Run(stream, a, w, c, shape);

    public void Add(
        AcceleratorStream stream, ArrayView<BFloat16> a, ImmutableArray<QuantizedMatrix> w,
        ArrayView<float> residual, MatMulShape shape) => _addFirst.Run(stream, a, w, residual, shape);

    public void Narrow(
        AcceleratorStream stream, ArrayView<BFloat16> a, ImmutableArray<QuantizedMatrix> w,
        ArrayView<BFloat16> c, MatMulShape shape) => _narrowFirst.Run(stream, a, w, c, shape);

    public void Gated(
        AcceleratorStream stream, ArrayView<BFloat16> a, ImmutableArray<QuantizedMatrix> w,
        ArrayView<BFloat16> c, MatMulShape shape) => _gatedFirst.Run(stream, a, w, c, shape);
}
