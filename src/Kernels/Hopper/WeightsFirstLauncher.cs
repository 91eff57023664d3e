using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.Quantization;
using Half = ILGPU.Half;
using Size = ILGPU.Runtime.SpecializedValue<int>;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>Launches <see cref="WeightsFirstKernel{TEpilogue}"/> with plain and with quantised weights.</summary>
sealed class WeightsFirstLauncher<TEpilogue>(Accelerator accelerator, TensorMaps maps, PartialBuffers partials)
    where TEpilogue : struct, IMatMulEpilogue
{
    const int Depth = WeightsFirstKernel<TEpilogue>.Depth, TileColumns = WeightsFirstKernel<TEpilogue>.TileColumns;

    readonly Launch _light = Load(accelerator, 2), _heavy = Load(accelerator, 1);

    delegate void Launch(
        AcceleratorStream stream, KernelConfig config, TensorMap a, TensorMap w, TensorMap c, ArrayView<Half> scales,
        PartialSums partials, WeightsFirstSizes sizes, Size tileRows, Size bits, Size groupShift, Size hasOffset);

    /// <param name="accelerator">Where.</param>
    /// <param name="resident">Groups on a multiprocessor.</param>
    static Launch Load(Accelerator accelerator, int resident)
    {
        KernelSpecialization specialization = new(WeightsFirstKernel<TEpilogue>.GroupSize, resident);
        return new(accelerator.LoadKernel<
            TensorMap, TensorMap, TensorMap, ArrayView<Half>, PartialSums, WeightsFirstSizes, Size, Size, Size, Size>(
            WeightsFirstKernel<TEpilogue>.Kernel, specialization));
    }

    /// <summary>c = a · wᵀ with plain weights.</summary>
    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="a">[rows, inner].</param>
    /// <param name="w">[columns, inner].</param>
    /// <param name="c">[rows, columns], or [rows, columns / 2] where columns are pairs.</param>
    /// <param name="shape">The product's sizes.</param>
    /// <param name="plan">Null: the fastest.</param>
    public void Run<T>(
        AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w, ArrayView<T> c, MatMulShape shape,
        WeightsFirstPlan? plan = null)
        where T : unmanaged
    {
        shape.Check(a.Length, w.Length, c.Length, pairs: Outputs(shape) != shape.Columns);
        TensorMap mapW = maps.Of(w, shape.Columns, shape.Inner, shape.Inner, Depth, TileColumns);
        CodeFormat format = new(CodeFormat.PlainBits, 0, 0);
        Run(stream, a, mapW, ArrayView<Half>.Empty, format, c, Outputs(shape), shape,
            plan ?? WeightsFirstPlan.For(shape, false, accelerator.NumMultiprocessors));
    }

    /// <summary>Some columns of c = a · wᵀ with quantised weights.</summary>
    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="a">[rows, inner].</param>
    /// <param name="w">[columns, inner].</param>
    /// <param name="c">From the first of these columns on.</param>
    /// <param name="shape">The sizes of a and w.</param>
    /// <param name="pitch">Elements from a row of c to the next.</param>
    /// <param name="plan">Null: the fastest.</param>
    public void Run<T>(
        AcceleratorStream stream, ArrayView<BFloat16> a, QuantizedMatrix w, ArrayView<T> c, MatMulShape shape,
        int pitch, WeightsFirstPlan? plan = null)
        where T : unmanaged
    {
        w.Check(shape.Columns, shape.Inner);
        shape.Check(a.Length, w.Weights, (long)shape.Rows * Outputs(shape), pairs: Outputs(shape) != shape.Columns);
        QuantizedLayout layout = w.Layout;
        CodeFormat format = new(layout.Bits, layout.GroupShift, layout.HasOffset ? 1 : 0);
        int words = format.Elements(shape.Inner);
        TensorMap mapW = maps.Of(
            w.Codes.Cast<uint>(), shape.Columns, words, words, format.Elements(Depth), TileColumns);
        Run(stream, a, mapW, w.Scales, format, c, pitch, shape,
            plan ?? WeightsFirstPlan.For(shape, true, accelerator.NumMultiprocessors));
    }

    void Run<T>(
        AcceleratorStream stream, ArrayView<BFloat16> a, TensorMap mapW, ArrayView<Half> scales, CodeFormat format,
        ArrayView<T> c, int pitch, MatMulShape shape, WeightsFirstPlan plan)
        where T : unmanaged
    {
        int rows = plan.TileRows, outputs = Outputs(shape), resident = WeightsFirstKernel<TEpilogue>.Resident(rows);
        if (!MatMulHopper.Supports(shape.Inner, outputs) || pitch % MatMulHopper.Unit != 0)
            throw new ArgumentException($"MatMulHopper: inner is {shape.Inner}, the output has {outputs} columns, "
                + $"{pitch} from row to row; all must be multiples of {MatMulHopper.Unit}.");
        WeightsFirstSizes sizes = new(Tiles(shape.Rows, rows), Tiles(shape.Columns, TileColumns),
            Tiles(shape.Inner, WeightsFirstKernel<TEpilogue>.Span), plan.Parts, shape.Columns, shape.Inner);
        TensorMap mapA = maps.Of(a, shape.Rows, shape.Inner, shape.Inner, Depth, rows);
        TensorMap mapC = maps.Of(c, shape.Rows, outputs, pitch, WeightsFirstKernel<TEpilogue>.BoxColumns,
            WeightsFirstKernel<TEpilogue>.BoxRows(rows));
        KernelConfig config = new(
            Math.Min(sizes.Items, accelerator.NumMultiprocessors * resident), WeightsFirstKernel<TEpilogue>.GroupSize,
            SharedMemoryConfig.RequestDynamic<byte>(WeightsFirstKernel<TEpilogue>.SharedBytes(rows, format.Bits)));
        Launch launch = resident == 2 ? _light : _heavy;
        launch(stream, config, mapA, mapW, mapC, scales, partials.For(stream, sizes, plan), sizes,
            SpecializedValue.New(rows), SpecializedValue.New(format.Bits), SpecializedValue.New(format.GroupShift),
            SpecializedValue.New(format.HasOffset));
    }

    static int Outputs(MatMulShape shape) => shape.Columns / (64 / TEpilogue.OutputsAcross);

    static int Tiles(int extent, int tile) => (extent + tile - 1) / tile;
}
