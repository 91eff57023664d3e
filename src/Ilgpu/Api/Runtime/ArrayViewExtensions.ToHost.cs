using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ILGPU.Runtime;

/// <summary>Copies to memory of the host. Without Async in its name, a copy is done when the call returns.</summary>
public static partial class ArrayViewExtensions
{
    /// <summary>Copies to an array of the same length and waits.</summary>
    public static void CopyToCPU<T>(this ArrayView<T> source, T[] data)
        where T : unmanaged =>
        CopyToHost(source, StreamOf(source), data);

    /// <summary>Queues a copy to an array of the same length and waits for it.</summary>
    public static void CopyToCPU<T>(this ArrayView<T> source, AcceleratorStream stream, T[] data)
        where T : unmanaged =>
        CopyToHost(source, stream, data);

    /// <summary>Copies to an array of the same length and waits.</summary>
    public static void CopyToCPU<T>(this ArrayView1D<T, Stride1D.Dense> source, T[] data)
        where T : unmanaged =>
        CopyToHost(source.BaseView, StreamOf(source.BaseView), data);

    /// <summary>Queues a copy to an array of the same length and waits for it.</summary>
    public static void CopyToCPU<T>(this ArrayView1D<T, Stride1D.Dense> source, AcceleratorStream stream, T[] data)
        where T : unmanaged =>
        CopyToHost(source.BaseView, stream, data);

    /// <summary>Copies to an array of the same length and waits.</summary>
    public static void CopyToCPU<T>(this MemoryBuffer<ArrayView1D<T, Stride1D.Dense>> source, T[] data)
        where T : unmanaged =>
        CopyToHost(source.View.BaseView, StreamOf(source.View.BaseView), data);

    /// <summary>Queues a copy to an array of the same length and waits for it.</summary>
    public static void CopyToCPU<T>(
        this MemoryBuffer<ArrayView1D<T, Stride1D.Dense>> source, AcceleratorStream stream, T[] data)
        where T : unmanaged =>
        CopyToHost(source.View.BaseView, stream, data);

    /// <summary>Copies and waits: the span has the view's length.</summary>
    public static void CopyToCPU<T, TView>(this TView source, in Span<T> data)
        where T : unmanaged
        where TView : IContiguousArrayView<T> =>
        CopyToHost(View<T, TView>(source), StreamOf(source), data);

    /// <summary>Copies and waits: length elements, those of the view.</summary>
    public static void CopyToCPU<T, TView>(this TView source, ref T cpuData, long length)
        where T : unmanaged
        where TView : IContiguousArrayView<T> =>
        CopyToHost(View<T, TView>(source), StreamOf(source), MemoryMarshal.CreateSpan(ref cpuData, checked((int)length)));

    /// <summary>Queues a copy on the default stream; the elements must stay pinned until it is done.</summary>
    public static void CopyToCPUUnsafeAsync<T, TView>(this TView source, ref T cpuData, long length)
        where T : unmanaged
        where TView : IContiguousArrayView<T> =>
        QueueToHost(View<T, TView>(source), StreamOf(source), ref cpuData, length);

    /// <summary>Queues a copy and waits for it: the span has the view's length.</summary>
    public static void CopyToCPU<T, TView>(this TView source, AcceleratorStream stream, in Span<T> data)
        where T : unmanaged
        where TView : IContiguousArrayView<T> =>
        CopyToHost(View<T, TView>(source), stream, data);

    /// <summary>Queues a copy and waits for it: length elements, those of the view.</summary>
    public static void CopyToCPU<T, TView>(this TView source, AcceleratorStream stream, ref T cpuData, long length)
        where T : unmanaged
        where TView : IContiguousArrayView<T> =>
        CopyToHost(View<T, TView>(source), stream, MemoryMarshal.CreateSpan(ref cpuData, checked((int)length)));

    /// <summary>Queues a copy; the elements must stay pinned until it is done.</summary>
    public static void CopyToCPUUnsafeAsync<T, TView>(
        this TView source, AcceleratorStream stream, ref T cpuData, long length)
        where T : unmanaged
        where TView : IContiguousArrayView<T> =>
        QueueToHost(View<T, TView>(source), stream, ref cpuData, length);

    /// <summary>Queues a copy to a page-locked array of the same length.</summary>
    public static void CopyToPageLockedAsync<T, TView>(this TView source, PageLockedArray<T> pageLockedArray)
        where T : unmanaged
        where TView : IContiguousArrayView<T> =>
        MemoryTransfer.Copy(StreamOf(source), pageLockedArray.ArrayView.Cast<byte>(), source.AsRawArrayView());

    /// <summary>Queues a copy to page-locked memory of the same length.</summary>
    public static void CopyToPageLockedAsync<T, TView>(this TView source, PageLockScope<T> pageLockScope)
        where T : unmanaged
        where TView : IContiguousArrayView<T> =>
        QueuePageLockedTo(View<T, TView>(source), StreamOf(source), pageLockScope);

    /// <summary>Queues a copy to a page-locked array of the same length.</summary>
    public static void CopyToPageLockedAsync<T, TView>(
        this TView source, AcceleratorStream stream, PageLockedArray<T> pageLockedArray)
        where T : unmanaged
        where TView : IContiguousArrayView<T> =>
        MemoryTransfer.Copy(stream, pageLockedArray.ArrayView.Cast<byte>(), source.AsRawArrayView());

    /// <summary>Queues a copy to page-locked memory of the same length.</summary>
    public static void CopyToPageLockedAsync<T, TView>(
        this TView source, AcceleratorStream stream, PageLockScope<T> pageLockScope)
        where T : unmanaged
        where TView : IContiguousArrayView<T> =>
        QueuePageLockedTo(View<T, TView>(source), stream, pageLockScope);

    static unsafe void CopyToHost<T>(ArrayView<T> source, AcceleratorStream stream, Span<T> data)
        where T : unmanaged
    {
        RequireLength(source.Length, data.Length);
        fixed (T* first = data)
            MemoryTransfer.ToHost(stream, source.Cast<byte>(), (nint)first);

        stream.Synchronize();
    }

    static unsafe void QueueToHost<T>(ArrayView<T> source, AcceleratorStream stream, ref T data, long length)
        where T : unmanaged
    {
        RequireLength(source.Length, length);
        MemoryTransfer.ToHost(stream, source.Cast<byte>(), (nint)Unsafe.AsPointer(ref data));
    }

    static void QueuePageLockedTo<T>(ArrayView<T> source, AcceleratorStream stream, PageLockScope<T> scope)
        where T : unmanaged
    {
        RequireLength(source.Length, scope.Length);
        MemoryTransfer.ToHost(stream, source.Cast<byte>(), scope.AddrOfLockedObject);
    }
}
