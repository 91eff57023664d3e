namespace ILGPU.Runtime;

/// <summary>Copies and fills inside and between accelerators; a copy with a stream is queued on it.</summary>
public static partial class ArrayViewExtensions
{
    /// <summary>Copies to a view of the same length, on the source's default stream.</summary>
    public static void CopyTo<TView>(this TView source, in TView target)
        where TView : IContiguousArrayView =>
        MemoryTransfer.Copy(StreamOf(source), target.AsRawArrayView(), source.AsRawArrayView());

    /// <summary>Queues a copy to a view of the same length.</summary>
    public static void CopyTo<TView>(this TView source, AcceleratorStream stream, in TView target)
        where TView : IContiguousArrayView =>
        MemoryTransfer.Copy(stream, target.AsRawArrayView(), source.AsRawArrayView());

    /// <summary>Copies to a view of the same length, on the source's default stream.</summary>
    public static void CopyTo<T>(this ArrayView1D<T, Stride1D.Dense> source, ArrayView1D<T, Stride1D.Dense> target)
        where T : unmanaged =>
        MemoryTransfer.Copy(StreamOf(source), Bytes(target), Bytes(source));

    /// <summary>Queues a copy to a view of the same length.</summary>
    public static void CopyTo<T>(
        this ArrayView1D<T, Stride1D.Dense> source, AcceleratorStream stream, in ArrayView1D<T, Stride1D.Dense> target)
        where T : unmanaged =>
        MemoryTransfer.Copy(stream, Bytes(target), Bytes(source));

    /// <summary>Copies from a view of the same length, on the target's default stream.</summary>
    public static void CopyFrom<TView>(this TView target, in TView source)
        where TView : IContiguousArrayView =>
        MemoryTransfer.Copy(StreamOf(target), target.AsRawArrayView(), source.AsRawArrayView());

    /// <summary>Queues a copy from a view of the same length.</summary>
    public static void CopyFrom<TView>(this TView target, AcceleratorStream stream, in TView source)
        where TView : IContiguousArrayView =>
        MemoryTransfer.Copy(stream, target.AsRawArrayView(), source.AsRawArrayView());

    /// <summary>Copies from a view of the same length, on the target's default stream.</summary>
    public static void CopyFrom<T>(
        this ArrayView1D<T, Stride1D.Dense> target, in ArrayView1D<T, Stride1D.Dense> source)
        where T : unmanaged =>
        MemoryTransfer.Copy(StreamOf(target), Bytes(target), Bytes(source));

    /// <summary>Queues a copy from a view of the same length.</summary>
    public static void CopyFrom<T>(
        this ArrayView1D<T, Stride1D.Dense> target, AcceleratorStream stream, in ArrayView1D<T, Stride1D.Dense> source)
        where T : unmanaged =>
        MemoryTransfer.Copy(stream, Bytes(target), Bytes(source));

    /// <summary>Sets every byte to a value, on the default stream.</summary>
    public static void MemSet<TView>(this TView view, byte value)
        where TView : IContiguousArrayView =>
        MemoryTransfer.Set(StreamOf(view), view.AsRawArrayView(), value);

    /// <summary>Queues setting every byte to a value.</summary>
    public static void MemSet<TView>(this TView view, AcceleratorStream stream, byte value)
        where TView : IContiguousArrayView =>
        MemoryTransfer.Set(stream, view.AsRawArrayView(), value);

    /// <summary>Sets every byte to a value, on the default stream.</summary>
    public static void MemSet<T>(this ArrayView1D<T, Stride1D.Dense> view, byte value)
        where T : unmanaged =>
        MemoryTransfer.Set(StreamOf(view), Bytes(view), value);

    /// <summary>Queues setting every byte to a value.</summary>
    public static void MemSet<T>(this ArrayView1D<T, Stride1D.Dense> view, AcceleratorStream stream, byte value)
        where T : unmanaged =>
        MemoryTransfer.Set(stream, Bytes(view), value);

    /// <summary>Sets every byte to zero, on the default stream.</summary>
    public static void MemSetToZero<TView>(this TView view)
        where TView : IContiguousArrayView =>
        MemoryTransfer.Set(StreamOf(view), view.AsRawArrayView(), 0);

    /// <summary>Queues setting every byte to zero.</summary>
    public static void MemSetToZero<TView>(this TView view, AcceleratorStream stream)
        where TView : IContiguousArrayView =>
        MemoryTransfer.Set(stream, view.AsRawArrayView(), 0);

    /// <summary>Sets every byte to zero, on the default stream.</summary>
    public static void MemSetToZero<T>(this ArrayView1D<T, Stride1D.Dense> view)
        where T : unmanaged =>
        MemoryTransfer.Set(StreamOf(view), Bytes(view), 0);

    /// <summary>Queues setting every byte to zero.</summary>
    public static void MemSetToZero<T>(this ArrayView1D<T, Stride1D.Dense> view, AcceleratorStream stream)
        where T : unmanaged =>
        MemoryTransfer.Set(stream, Bytes(view), 0);

    static AcceleratorStream StreamOf<TView>(TView view)
        where TView : IContiguousArrayView =>
        view.Buffer.Accelerator.DefaultStream;

    static ArrayView<byte> Bytes<T>(ArrayView1D<T, Stride1D.Dense> view)
        where T : unmanaged =>
        view.BaseView.Cast<byte>();
}
