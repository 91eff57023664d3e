using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Kernels.Quantization;

/// <summary>Memory that quantised weights are unpacked into in front of products of many rows: one matrix at a time, or a layer's experts.</summary>
/// <remarks>What it gives holds until the next call.</remarks>
public sealed class UnpackedWeights<T, TElement>(Accelerator accelerator) : IDisposable
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    readonly Unpack<T, TElement> _unpack = new(accelerator);
    MemoryBuffer1D<T, Stride1D.Dense>? _memory;

    /// <summary>Makes room for the largest quantised matrix that more than one row will be multiplied with.</summary>
    /// <param name="weights">Its elements.</param>
    public void Reserve(long weights)
    {
        if (weights <= (_memory?.Length ?? 0))
            return;
        _memory?.Dispose();
        _memory = null;
        _memory = accelerator.Allocate1D<T>(weights);
    }

    /// <summary>A matrix' elements, unpacked where they aren't plain.</summary>
    public ArrayView<T> Of(AcceleratorStream stream, WeightMatrix<T> w)
    {
        if (!w.IsQuantized)
            return w.Plain;
        ArrayView<T> memory = Room(w);
        long first = 0;
        foreach (QuantizedMatrix part in w.Parts)
        {
            _unpack.Run(stream, part, memory.SubView(first, part.Weights));
            first += part.Weights;
        }
        return memory;
    }

    /// <summary>The elements of experts' matrices, those alone unpacked that have tokens.</summary>
    /// <param name="stream">Where kernels are queued.</param>
    /// <param name="w">The matrices of all experts.</param>
    /// <param name="counts">The tokens of each.</param>
    public ArrayView<T> OfExperts(AcceleratorStream stream, WeightMatrix<T> w, ArrayView<int> counts)
    {
        if (!w.IsQuantized)
            return w.Plain;
        ArrayView<T> memory = Room(w);
        _unpack.Run(stream, w.Whole, memory, counts);
        return memory;
    }

    public void Dispose() => _memory?.Dispose();

    ArrayView<T> Room(WeightMatrix<T> w)
    {
        long end = 0;
        foreach (QuantizedMatrix part in w.Parts)
            end += part.Weights;
        if (_memory is null || _memory.Length < end)
            throw new InvalidOperationException($"{end} quantised weights, but room for {_memory?.Length ?? 0} was reserved.");
        return _memory.View.BaseView.SubView(0, end);
    }
}
