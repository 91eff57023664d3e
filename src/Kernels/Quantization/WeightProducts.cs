using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.MatMul.Epilogues;

namespace IlgpuDca.Kernels.Quantization;

/// <summary>
/// The products of a model with weights of any storage: plain ones go to <see cref="MatMul{T}"/>; quantised ones are multiplied as they
/// are for one row, and unpacked into memory in front of the plain product for more.
/// </summary>
/// <remarks>
/// Unpacking costs the time of writing and reading the matrix once in the storage type: some 6 % of a product with 4,096 rows of
/// bf16 on an H200.
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

    /// <summary>Makes room for the largest quantised matrix that more than one row will be multiplied with.</summary>
    /// <param name="weights">Its elements.</param>
    public void Reserve(long weights)
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
        else
            plain.Run(stream, a, Plain(stream, w), c, shape);
    }

    /// <summary><see cref="MatMul{T}.Add"/>.</summary>
    public void Add(AcceleratorStream stream, ArrayView<T> a, WeightMatrix<T> w, ArrayView<float> residual, MatMulShape shape)
    {
        if (IsVector(w, shape))
            EachPart(w, shape, (part, first, rows) => _add.Run(stream, a.Cast<TPack>(), part, residual.SubView(first, rows), shape with { Columns = rows }));
        else
            plain.Add(stream, a, Plain(stream, w), residual, shape);
    }

    /// <summary><see cref="MatMul{T}.Narrow"/>.</summary>
    public void Narrow(AcceleratorStream stream, ArrayView<T> a, WeightMatrix<T> w, ArrayView<T> c, MatMulShape shape)
    {
        if (IsVector(w, shape))
            EachPart(w, shape, (part, first, rows) => _narrow.Run(stream, a.Cast<TPack>(), part, c.SubView(first, rows), shape with { Columns = rows }));
        else
            plain.Narrow(stream, a, Plain(stream, w), c, shape);
    }

    /// <summary><see cref="MatMul{T}.Gated"/>; w has one part.</summary>
    public void Gated(AcceleratorStream stream, ArrayView<T> a, WeightMatrix<T> w, ArrayView<T> c, MatMulShape shape)
    {
        if (IsVector(w, shape))
            _gated.Run(stream, a.Cast<TPack>(), w.Parts.Length == 1 ? w.Parts[0] : throw new ArgumentException($"Gate and up rows in {w.Parts.Length} parts; they must be one."),
                c, shape);
        else
            plain.Gated(stream, a, Plain(stream, w), c, shape);
    }

    public void Dispose() => _unpacked?.Dispose();

    static bool IsVector(WeightMatrix<T> w, MatMulShape shape) => w.IsQuantized && shape.Rows == 1;

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
