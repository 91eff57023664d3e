using System.Collections.Immutable;
using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.Quantization;
using Half = ILGPU.Half;
using Size = ILGPU.Runtime.SpecializedValue<int>;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>Launches <see cref="WeightsFirstKernel{TEpilogue}"/> with plain and with quantised weights.</summary>
sealed class WeightsFirstLauncher<TEpilogue>(
    Accelerator accelerator, TensorMaps maps, PartialBuffers partials, RowsToFloat8 rowsToFloat8)
    where TEpilogue : struct, IMatMulEpilogue
{
    const int TileColumns = WeightsFirstKernel<TEpilogue>.TileColumns;

    readonly Launch _light = Load(accelerator, 2), _heavy = Load(accelerator, 1);

    delegate void Launch(
        AcceleratorStream stream, KernelConfig config, TensorMap a, TensorMap aScales, TensorMap w, TensorMap c,
        ArrayView<Half> scales, PartialSums partials, WeightsFirstSizes sizes, Size tileRows, Size bits,
        Size groupShift, Size kind);

    /// <param name="accelerator">Where.</param>
    /// <param name="resident">Groups on a multiprocessor.</param>
    static Launch Load(Accelerator accelerator, int resident)
    {
        KernelSpecialization specialization = new(WeightsFirstKernel<TEpilogue>.GroupSize, resident);
        return new(accelerator.LoadKernel<
            TensorMap, TensorMap, TensorMap, TensorMap, ArrayView<Half>, PartialSums, WeightsFirstSizes, Size, Size, Size, Size>(
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
        CodeFormat format = new(CodeFormat.PlainBits, 0, 0);
        WeightsFirstPlan chosen = plan ?? WeightsFirstPlan.For(shape, format, accelerator.NumMultiprocessors);
        TensorMap mapA = MapA(a, shape, chosen, format);
        TensorMap mapW = maps.Of(w, shape.Columns, shape.Inner, shape.Inner, format.Depth, TileColumns);
        Run(stream, mapA, mapA, mapW, ArrayView<Half>.Empty, format, c, Outputs(shape), shape, chosen);
    }

    /// <summary>c = a · wᵀ with quantised weights.</summary>
    /// <param name="stream">Where the kernels are queued.</param>
    /// <param name="a">[rows, inner].</param>
    /// <param name="w">Together [columns, inner]; one part where columns are pairs.</param>
    /// <param name="c">[rows, columns], or [rows, columns / 2] where columns are pairs.</param>
    /// <param name="shape">The product's sizes.</param>
    /// <param name="plan">Null: the fastest.</param>
    public void Run<T>(
        AcceleratorStream stream, ArrayView<BFloat16> a, ImmutableArray<QuantizedMatrix> w, ArrayView<T> c,
        MatMulShape shape, WeightsFirstPlan? plan = null)
        where T : unmanaged
    {
        int outputs = Outputs(shape);
        shape.Check(a.Length, w.Sum(part => part.Weights), c.Length, pairs: outputs != shape.Columns);
        bool asFloat8 = w.Any(part => part.Layout.RunsAsFloat8);
        int most = asFloat8 ? rowsToFloat8.MostRows(shape.Inner) : shape.Rows;
        for (int row = 0; row < shape.Rows; row += most)
        {
            int rows = Math.Min(most, shape.Rows - row);
            ArrayView<BFloat16> piece = a.SubView((long)row * shape.Inner, (long)rows * shape.Inner);
            Float8Rows codes = asFloat8 ? rowsToFloat8.Run(stream, piece, rows, shape.Inner) : default;
            foreach ((QuantizedMatrix part, int first, int columns) in w.WithRows(shape))
            {
                long start = (long)row * outputs + first;
                Run(stream, piece, codes, part, c.SubView(start, c.Length - start),
                    new MatMulShape(rows, columns, shape.Inner), outputs, plan);
            }
        }
    }

    void Run<T>(
        AcceleratorStream stream, ArrayView<BFloat16> a, Float8Rows codes, QuantizedMatrix w, ArrayView<T> c,
        MatMulShape shape, int pitch, WeightsFirstPlan? chosen)
        where T : unmanaged
    {
        w.Check(shape.Columns, shape.Inner);
        CodeFormat format = CodeFormat.Of(w.Layout);
        WeightsFirstPlan plan = chosen ?? WeightsFirstPlan.For(shape, format, accelerator.NumMultiprocessors);
        int words = format.Elements(shape.Inner);
        TensorMap mapW = maps.Of(
            w.Codes.Cast<uint>(), shape.Columns, words, words, format.Elements(format.Depth), TileColumns);
        if (!format.IsFloat8)
        {
            TensorMap mapA = MapA(a, shape, plan, format);
            Run(stream, mapA, mapA, mapW, w.Scales, format, c, pitch, shape, plan);
            return;
        }
        TensorMap mapScales = maps.Of(
            codes.Scales, shape.Inner / RowsToFloat8.Block, codes.Pitch, codes.Pitch, plan.TileRows, 1);
        Run(stream, MapA(codes.Codes, shape, plan, format), mapScales, mapW, w.Scales, format, c, pitch, shape, plan);
    }

    TensorMap MapA<T>(ArrayView<T> a, MatMulShape shape, WeightsFirstPlan plan, CodeFormat format)
        where T : unmanaged => maps.Of(a, shape.Rows, shape.Inner, shape.Inner, format.Depth, plan.TileRows);

    void Run<T>(
        AcceleratorStream stream, TensorMap mapA, TensorMap mapScales, TensorMap mapW, ArrayView<Half> scales,
        CodeFormat format, ArrayView<T> c, int pitch, MatMulShape shape, WeightsFirstPlan plan)
        where T : unmanaged
    {
        int rows = plan.TileRows, outputs = Outputs(shape), resident = WeightsFirstKernel<TEpilogue>.Resident(rows);
        if (!MatMulHopper.Supports(shape.Inner, outputs) || pitch % MatMulHopper.Unit != 0)
            throw new ArgumentException($"MatMulHopper: inner is {shape.Inner}, the output has {outputs} columns, "
                + $"{pitch} from row to row; all must be multiples of {MatMulHopper.Unit}.");
        WeightsFirstSizes sizes = new(Tiles(shape.Rows, rows), Tiles(shape.Columns, TileColumns),
            Tiles(shape.Inner, WeightsFirstKernel<TEpilogue>.Span), plan.Parts, shape.Columns, shape.Inner);
        TensorMap mapC = maps.Of(c, shape.Rows, outputs, pitch, WeightsFirstKernel<TEpilogue>.BoxColumns,
            WeightsFirstKernel<TEpilogue>.BoxRows(rows));
        KernelConfig config = new(
            Math.Min(sizes.Items, accelerator.NumMultiprocessors * resident), WeightsFirstKernel<TEpilogue>.GroupSize,
            SharedMemoryConfig.RequestDynamic<byte>(WeightsFirstKernel<TEpilogue>.SharedBytes(rows, format)));
        Launch launch = resident == 2 ? _light : _heavy;
        launch(stream, config, mapA, mapScales, mapW, mapC, scales, partials.For(stream, sizes, plan), sizes,
            SpecializedValue.New(rows), SpecializedValue.New(format.Bits), SpecializedValue.New(format.GroupShift),
            SpecializedValue.New(format.Kind));
    }

    /// <summary>Columns of c.</summary>
    public static int Outputs(MatMulShape shape) => shape.Columns / (64 / TEpilogue.OutputsAcross);

    static int Tiles(int extent, int tile) => (extent + tile - 1) / tile;
}
