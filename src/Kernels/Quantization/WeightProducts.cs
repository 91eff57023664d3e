using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.MatMul.Epilogues;

namespace IlgpuDca.Kernels.Quantization;

/// <summary>
/// The products of a model with weights of any storage: plain ones go to <see cref="MatMul{T}"/>; quantised ones are multiplied as they
/// are for one row; for more they need no unpacking where the device can (<see cref="IQuantizedProducts{T}"/>), else they are
/// unpacked into memory in front of the plain product. Where weights have their inputs in an order of their own, the rows get it first.
/// </summary>
/// <remarks>
/// Unpacking costs the time of writing and reading the matrix once in the storage type: some 17 % of a product with
/// 4,096 rows of bf16 on an H100, two thirds of one with 512.
/// </remarks>
/// <param name="accelerator">The device.</param>
/// <param name="plain">The products of plain weights.</param>
/// <param name="unpacked">Where weights are unpacked.</param>
public sealed class WeightProducts<T, TElement, TPack>(Accelerator accelerator, MatMul<T> plain,
    UnpackedWeights<T, TElement> unpacked)
    where T : unmanaged
    where TElement : struct, IElement<T>
    where TPack : unmanaged, IPack<TPack>
{
    readonly PlaceColumns _place = new(accelerator);
    readonly GatherColumns<T> _gather = new(accelerator);
    readonly MatMulQuantizedVector<TPack, float, Overwrite> _run = new(accelerator);
    readonly MatMulQuantizedVector<TPack, float, Accumulate> _add = new(accelerator);
    readonly MatMulQuantizedVector<TPack, T, Narrowed<T, TElement>> _narrow = new(accelerator);
    readonly MatMulQuantizedVector<TPack, T, Gate<T, TElement>> _gated = new(accelerator);

    /// <summary><see cref="MatMul{T}.Run"/>.</summary>
    public void Run(AcceleratorStream stream, ArrayView<T> a, WeightMatrix<T> w, ArrayView<float> c, MatMulShape shape)
    {
        if (w.InputOrder.Length > 0)
            InOrder(stream, a, w, shape, (rows, first, some) =>
                Run(stream, rows, w with { InputOrder = default }, Rows(c, first, some.Rows, shape.Columns), some));
        else if (IsVector(w, shape))
            EachPart(w, shape, (part, first, rows) => _run.Run(stream, a.Cast<TPack>(), part, c.SubView(first, rows), shape with { Columns = rows }));
        else if (Direct(w, shape, 1) is { } direct)
            direct.Run(stream, a, w.Parts, c, shape);
        else if (w.IsQuantized && (long)shape.Columns * shape.Inner > unpacked.Room.Weights)
            RunInPieces(stream, a, w.Whole, c, shape);
        else
            plain.Run(stream, a, unpacked.Of(stream, w), c, shape);
    }

    /// <summary><see cref="MatMul{T}.Add"/>.</summary>
    public void Add(AcceleratorStream stream, ArrayView<T> a, WeightMatrix<T> w, ArrayView<float> residual, MatMulShape shape)
    {
        if (w.InputOrder.Length > 0)
            InOrder(stream, a, w, shape, (rows, first, some) =>
                Add(stream, rows, w with { InputOrder = default }, Rows(residual, first, some.Rows, shape.Columns), some));
        else if (IsVector(w, shape))
            EachPart(w, shape, (part, first, rows) => _add.Run(stream, a.Cast<TPack>(), part, residual.SubView(first, rows), shape with { Columns = rows }));
        else if (Direct(w, shape, 1) is { } direct)
            direct.Add(stream, a, w.Parts, residual, shape);
        else
            plain.Add(stream, a, unpacked.Of(stream, w), residual, shape);
    }

    /// <summary><see cref="MatMul{T}.Narrow"/>.</summary>
    public void Narrow(AcceleratorStream stream, ArrayView<T> a, WeightMatrix<T> w, ArrayView<T> c, MatMulShape shape)
    {
        if (w.InputOrder.Length > 0)
            InOrder(stream, a, w, shape, (rows, first, some) =>
                Narrow(stream, rows, w with { InputOrder = default }, Rows(c, first, some.Rows, shape.Columns), some));
        else if (IsVector(w, shape))
            EachPart(w, shape, (part, first, rows) => _narrow.Run(stream, a.Cast<TPack>(), part, c.SubView(first, rows), shape with { Columns = rows }));
        else if (Direct(w, shape, 1) is { } direct)
            direct.Narrow(stream, a, w.Parts, c, shape);
        else
            plain.Narrow(stream, a, unpacked.Of(stream, w), c, shape);
    }

    /// <summary><see cref="MatMul{T}.Gated"/>; w has one part.</summary>
    public void Gated(AcceleratorStream stream, ArrayView<T> a, WeightMatrix<T> w, ArrayView<T> c, MatMulShape shape)
    {
        if (w.InputOrder.Length > 0)
            InOrder(stream, a, w, shape, (rows, first, some) =>
                Gated(stream, rows, w with { InputOrder = default }, Rows(c, first, some.Rows, shape.Columns / 2), some));
        else if (IsVector(w, shape))
            _gated.Run(stream, a.Cast<TPack>(), w.Whole, c, shape);
        else if (Direct(w, shape, 2) is { } direct)
            direct.Gated(stream, a, w.Parts, c, shape);
        else
            plain.Gated(stream, a, unpacked.Of(stream, w), c, shape);
    }

    /// <summary>Some rows after the other, their elements in the order of w's inputs.</summary>
    /// <param name="stream">Where kernels are queued.</param>
    /// <param name="a">[rows, inner].</param>
    /// <param name="w">Weights with an order.</param>
    /// <param name="shape">The product's sizes.</param>
    /// <param name="multiply">Takes the reordered rows, the first one's number and their product's sizes.</param>
    void InOrder(AcceleratorStream stream, ArrayView<T> a, WeightMatrix<T> w, MatMulShape shape,
        Action<ArrayView<T>, int, MatMulShape> multiply)
    {
        int most = (int)Math.Min(shape.Rows, unpacked.Reordered.Length / shape.Inner);
        if (w.InputOrder.Length != shape.Inner || most == 0)
            throw new ArgumentException($"WeightProducts: an order of {w.InputOrder.Length} inputs and room for "
                + $"{unpacked.Reordered.Length} elements; rows have {shape.Inner}.");
        for (int first = 0; first < shape.Rows; first += most)
        {
            int count = Math.Min(most, shape.Rows - first);
            ArrayView<T> rows = Rows(unpacked.Reordered, 0, count, shape.Inner);
            _gather.Run(stream, Rows(a, first, count, shape.Inner), w.InputOrder, rows);
            multiply(rows, first, shape with { Rows = count });
        }
    }

    static ArrayView<TOut> Rows<TOut>(ArrayView<TOut> matrix, int first, int rows, int width)
        where TOut : unmanaged => matrix.SubView((long)first * width, (long)rows * width);

    /// <summary>Some columns after the other.</summary>
    void RunInPieces(AcceleratorStream stream, ArrayView<T> a, QuantizedMatrix w, ArrayView<float> c, MatMulShape shape)
    {
        int most = unpacked.Room.PieceRows(shape.Inner);
        for (int first = 0; first < shape.Columns; first += most)
        {
            int columns = Math.Min(most, shape.Columns - first);
            ArrayView<float> piece = unpacked.Piece.SubView(0, (long)shape.Rows * columns);
            WeightMatrix<T> rows = new(ArrayView<T>.Empty, [w.Rows(first, columns, shape.Inner)]);
            plain.Run(stream, a, unpacked.Of(stream, rows), piece, shape with { Columns = columns });
            _place.Run(stream, piece, c, shape.Rows, first);
        }
    }

    static bool IsVector(WeightMatrix<T> w, MatMulShape shape) => w.IsQuantized && shape.Rows == 1;

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
            if (part.Weights / shape.Inner % unit != 0 || !part.Layout.IsConvertible(part.Weights / shape.Inner))
                return null;
        return direct;
    }

    static void EachPart(WeightMatrix<T> w, MatMulShape shape, Action<QuantizedMatrix, int, int> run)
    {
        foreach ((QuantizedMatrix part, int first, int rows) in w.Parts.WithRows(shape))
            run(part, first, rows);
    }
}
