using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Kernels.Quantization;

/// <summary>
/// Memory that quantised weights are unpacked into in front of products of many rows: one matrix at a time, or a
/// layer's experts.
/// </summary>
/// <remarks>What it gives holds until the next call.</remarks>
public sealed class UnpackedWeights<T, TElement>(Accelerator accelerator) : IDisposable
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    readonly Unpack<T, TElement> _unpack = new(accelerator);
    MemoryBuffer1D<T, Stride1D.Dense>? _memory, _reordered;
    MemoryBuffer1D<float, Stride1D.Dense>? _piece;

    /// <summary>What was reserved.</summary>
    public UnpackingRoom Room { get; private set; }

    /// <summary>Room for a piece of a product's columns; empty where all products are made as wholes.</summary>
    public ArrayView<float> Piece => _piece is null ? ArrayView<float>.Empty : _piece.View.BaseView;

    /// <summary>Room for rows in the order of their weights; empty where all weights have their inputs in order.</summary>
    public ArrayView<T> Reordered => _reordered is null ? ArrayView<T>.Empty : _reordered.View.BaseView;

    /// <summary>Allocates the memory.</summary>
    public void Reserve(UnpackingRoom room)
    {
        Dispose();
        (_memory, _reordered, _piece, Room) = (null, null, null, room);
        if (room.Weights > 0)
            _memory = accelerator.Allocate1D<T>(room.Weights);
        if (room.PieceElements > 0)
            _piece = accelerator.Allocate1D<float>(room.PieceElements);
        if (room.ReorderedElements > 0)
            _reordered = accelerator.Allocate1D<T>(room.ReorderedElements);
    }

    /// <summary>A matrix' elements, unpacked where they aren't plain.</summary>
    public ArrayView<T> Of(AcceleratorStream stream, WeightMatrix<T> w)
    {
        if (!w.IsQuantized)
            return w.Plain;
        ArrayView<T> memory = Memory(w.QuantizedWeights);
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
        ArrayView<T> memory = Memory(w.Whole.Weights);
        _unpack.Run(stream, w.Whole, memory, counts);
        return memory;
    }

    public void Dispose()
    {
        _memory?.Dispose();
        _reordered?.Dispose();
        _piece?.Dispose();
    }

    ArrayView<T> Memory(long weights)
    {
        if (_memory is null || weights > _memory.Length)
            throw new InvalidOperationException($"{weights} quantised weights, but room for {_memory?.Length ?? 0} was "
                + "reserved.");
        return _memory.View.BaseView.SubView(0, weights);
    }
}
