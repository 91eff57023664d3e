using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.MatMul.Epilogues;

namespace IlgpuDca.Kernels.Quantization;

/// <summary>
/// The products of a model with weights of any storage: plain ones go to <see cref="MatMul{T}"/>; quantised ones are multiplied as they
/// are for one row; for more they are converted on their way to the tensor cores where the device can
/// (<see cref="IQuantizedProducts{T}"/>), else unpacked into memory in front of the plain product.
/// </summary>
/// <remarks>
/// Unpacking costs the time of writing and reading the matrix once in the storage type: some 17 % of a product with
/// 4,096 rows of bf16 on an H100, two thirds of one with 512.
/// </remarks>
/// <param name="accelerator">The device.</param>
/// <param name="plain">The products of plain weights.</param>
public sealed class WeightProducts<T, TElement, TPack>(Accelerator accelerator, MatMul<T> plain) : IDisposable
    where T : unmanaged
    where TElement : struct, IElement<T>
    where TPack : unmanaged, IPack<TPack>
{
    readonly Unpack<T, TElement> _unpack = new(accelerator);
    readonly MatMulQuantizedVector<TPack, float, Overwrite> _run = new(accelerator);
    readonly MatMulQuantizedVector<TPack, float, Accumulate> _add = new(accelerator);
    readonly MatMulQuantizedVector<TPack, T, Narrowed<T, TElement>> _narrow = new(accelerator);
    readonly MatMulQuantizedVector<TPack, T, Gate<T, TElement>> _gated = new(accelerator);
    MemoryBuffer1D<T, Stride1D.Dense>? _unpacked;

    /// <summary>Makes room for the largest quantised matrix, where matrices are unpacked.</summary>
    /// <param name="weights">Its elements.</param>
    public void Reserve(long weights)
    {
        if (plain.Quantized is null)
            MakeRoom(weights);
    }

    void MakeRoom(long weights)
    {
        if (weights <= (_unpacked?.Length ?? 0))
            return;
        _unpacked?.Dispose();
        _unpacked = null;
        _unpacked = accelerator.Allocate1D<T>(weights);
    }

    /// <summary><see cref="MatMul{T}.Run"/>.</summary>
    public void Run(AcceleratorStream stream, ArrayView<T> a, WeightMatrix<T> w, ArrayView<float> c, MatMulShape shape)
    {
        if (IsVector(w, shape))
            EachPart(w, shape, (part, first, rows) => _run.Run(stream, a.Cast<TPack>(), part, c.SubView(first, rows), shape with { Columns = rows }));
        else if (Direct(w, shape, 1) is { } direct)
            EachPart(w, shape, (part, first, rows) =>
                direct.Run(stream, a, part, From(c, first), shape with { Columns = rows }, shape.Columns));
        else
            plain.Run(stream, a, Plain(stream, w), c, shape);
    }

    /// <summary><see cref="MatMul{T}.Add"/>.</summary>
    public void Add(AcceleratorStream stream, ArrayView<T> a, WeightMatrix<T> w, ArrayView<float> residual, MatMulShape shape)
    {
        if (IsVector(w, shape))
            EachPart(w, shape, (part, first, rows) => _add.Run(stream, a.Cast<TPack>(), part, residual.SubView(first, rows), shape with { Columns = rows }));
        else if (Direct(w, shape, 1) is { } direct)
            EachPart(w, shape, (part, first, rows) =>
                direct.Add(stream, a, part, From(residual, first), shape with { Columns = rows }, shape.Columns));
        else
            plain.Add(stream, a, Plain(stream, w), residual, shape);
    }

    /// <summary><see cref="MatMul{T}.Narrow"/>.</summary>
    public void Narrow(AcceleratorStream stream, ArrayView<T> a, WeightMatrix<T> w, ArrayView<T> c, MatMulShape shape)
    {
        if (IsVector(w, shape))
            EachPart(w, shape, (part, first, rows) => _narrow.Run(stream, a.Cast<TPack>(), part, c.SubView(first, rows), shape with { Columns = rows }));
        else if (Direct(w, shape, 1) is { } direct)
            EachPart(w, shape, (part, first, rows) =>
                direct.Narrow(stream, a, part, From(c, first), shape with { Columns = rows }, shape.Columns));
        else
            plain.Narrow(stream, a, Plain(stream, w), c, shape);
    }

    /// <summary><see cref="MatMul{T}.Gated"/>; w has one part.</summary>
    public void Gated(AcceleratorStream stream, ArrayView<T> a, WeightMatrix<T> w, ArrayView<T> c, MatMulShape shape)
    {
        if (IsVector(w, shape))
            _gated.Run(stream, a.Cast<TPack>(), OnePart(w), c, shape);
        else if (Direct(w, shape, 2) is { } direct)
            direct.Gated(stream, a, OnePart(w), c, shape, shape.Columns / 2);
        else
            plain.Gated(stream, a, Plain(stream, w), c, shape);
    }

    public void Dispose() => _unpacked?.Dispose();

    static bool IsVector(WeightMatrix<T> w, MatMulShape shape) => w.IsQuantized && shape.Rows == 1;

    static QuantizedMatrix OnePart(WeightMatrix<T> w) => w.Parts.Length == 1
        ? w.Parts[0]
        : throw new ArgumentException($"Gate and up rows in {w.Parts.Length} parts; they must be one.");

    static ArrayView<TOut> From<TOut>(ArrayView<TOut> c, int first)
        where TOut : unmanaged => c.SubView(first, c.Length - first);

    /// <summary>The products that convert w on its way, where the device has them and the parts' columns fit.</summary>
    /// <param name="w">Weights.</param>
    /// <param name="shape">The product's sizes.</param>
    /// <param name="columns">Columns that make one output.</param>
    IQuantizedProducts<T>? Direct(WeightMatrix<T> w, MatMulShape shape, int columns)
    {
        if (!w.IsQuantized || plain.Quantized is not { } direct)
            return null;
        int unit = direct.ColumnUnit * columns;
        foreach (QuantizedMatrix part in w.Parts)
            if (part.Weights / shape.Inner % unit != 0)
                return null;
        return direct;
    }

    /// <summary>Every part with its first row and their number.</summary>
    static void EachPart(WeightMatrix<T> w, MatMulShape shape, Action<QuantizedMatrix, int, int> run)
    {
        int first = 0;
        foreach (QuantizedMatrix part in w.Parts)
        {
            int rows = (int)(part.Weights / shape.Inner);
            run(part, first, rows);
            first += rows;
        }
        if (first != shape.Columns)
            throw new ArgumentException($"Quantised weights of {first} rows for {shape.Columns} columns.");
    }

    /// <summary>The elements, unpacked where they aren't plain; they hold until the next product.</summary>
    ArrayView<T> Plain(AcceleratorStream stream, WeightMatrix<T> w)
    {
        if (!w.IsQuantized)
            return w.Plain;
        long end = 0;
        foreach (QuantizedMatrix part in w.Parts)
            end += part.Weights;
        if (plain.Quantized is not null)
            MakeRoom(end);
        if (_unpacked is null || _unpacked.Length < end)
            throw new InvalidOperationException($"{end} quantised weights, but room for {_unpacked?.Length ?? 0} was reserved.");
        long first = 0;
        foreach (QuantizedMatrix part in w.Parts)
        {
            _unpack.Run(stream, part, _unpacked.View.BaseView.SubView(first, part.Weights));
            first += part.Weights;
        }
        return _unpacked.View.BaseView.SubView(0, end);
    }
}
