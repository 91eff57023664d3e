using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ILGPU.Runtime;

/// <summary>Copies from memory of the host. Without Async in its name, a copy is done when the call returns.</summary>
public static partial class ArrayViewExtensions
{
    /// <summary>Copies from an array of the same length and waits.</summary>
    public static void CopyFromCPU<T>(this ArrayView<T> target, T[] data)
        where T : unmanaged =>
        CopyFromHost(target, StreamOf(target), data);

    /// <summary>Queues a copy from an array of the same length and waits for it.</summary>
    public static void CopyFromCPU<T>(this ArrayView<T> target, AcceleratorStream stream, T[] data)
        where T : unmanaged =>
        CopyFromHost(target, stream, data);

    /// <summary>Copies from an array of the same length and waits.</summary>
    public static void CopyFromCPU<T>(this ArrayView1D<T, Stride1D.Dense> target, T[] data)
        where T : unmanaged =>
        CopyFromHost(target.BaseView, StreamOf(target.BaseView), data);

    /// <summary>Queues a copy from an array of the same length and waits for it.</summary>
    public static void CopyFromCPU<T>(
        this ArrayView1D<T, Stride1D.Dense> target, AcceleratorStream stream, T[] data)
        where T : unmanaged =>
        CopyFromHost(target.BaseView, stream, data);

    /// <summary>Copies from an array of the same length and waits.</summary>
    public static void CopyFromCPU<T>(this MemoryBuffer<ArrayView1D<T, Stride1D.Dense>> target, T[] data)
        where T : unmanaged =>
        CopyFromHost(target.View.BaseView, StreamOf(target.View.BaseView), data);

    /// <summary>Queues a copy from an array of the same length and waits for it.</summary>
    public static void CopyFromCPU<T>(
        this MemoryBuffer<ArrayView1D<T, Stride1D.Dense>> target, AcceleratorStream stream, T[] data)
        where T : unmanaged =>
        CopyFromHost(target.View.BaseView, stream, data);

    /// <summary>Copies and waits: the span has the view's length.</summary>
    public static void CopyFromCPU<T, TView>(this TView target, in ReadOnlySpan<T> data)
        where T : unmanaged
        where TView : IContiguousArrayView<T> =>
        CopyFromHost(View<T, TView>(target), StreamOf(target), data);

    /// <summary>Copies and waits: length elements, those of the view.</summary>
    public static void CopyFromCPU<T, TView>(this TView target, ref T cpuData, long length)
        where T : unmanaged
        where TView : IContiguousArrayView<T> =>
        CopyFromHost(
            View<T, TView>(target),
            StreamOf(target),
            MemoryMarshal.CreateReadOnlySpan(ref cpuData, checked((int)length)));

    /// <summary>Queues a copy on the default stream; the elements must stay pinned until it is done.</summary>
    public static void CopyFromCPUUnsafeAsync<T, TView>(this TView target, ref T cpuData, long length)
        where T : unmanaged
        where TView : IContiguousArrayView<T> =>
        QueueFromHost(View<T, TView>(target), StreamOf(target), ref cpuData, length);

    /// <summary>Queues a copy and waits for it: the span has the view's length.</summary>
    public static void CopyFromCPU<T, TView>(this TView target, AcceleratorStream stream, in ReadOnlySpan<T> data)
        where T : unmanaged
        where TView : IContiguousArrayView<T> =>
        CopyFromHost(View<T, TView>(target), stream, data);

    /// <summary>Queues a copy and waits for it: length elements, those of the view.</summary>
    public static void CopyFromCPU<T, TView>(
        this TView target, AcceleratorStream stream, ref T cpuData, long length)
        where T : unmanaged
        where TView : IContiguousArrayView<T> =>
        CopyFromHost(View<T, TView>(target), stream, MemoryMarshal.CreateReadOnlySpan(ref cpuData, checked((int)length)));

    /// <summary>Queues a copy; the elements must stay pinned until it is done.</summary>
    public static void CopyFromCPUUnsafeAsync<T, TView>(
        this TView target, AcceleratorStream stream, ref T cpuData, long length)
        where T : unmanaged
        where TView : IContiguousArrayView<T> =>
        QueueFromHost(View<T, TView>(target), stream, ref cpuData, length);

    /// <summary>Queues a copy from a page-locked array of the same length.</summary>
    public static void CopyFromPageLockedAsync<T, TView>(this TView target, PageLockedArray<T> pageLockedArray)
        where T : unmanaged
        where TView : IContiguousArrayView<T> =>
        MemoryTransfer.Copy(StreamOf(target), target.AsRawArrayView(), pageLockedArray.ArrayView.Cast<byte>());

    /// <summary>Queues a copy from page-locked memory of the same length.</summary>
    public static void CopyFromPageLockedAsync<T, TView>(this TView target, PageLockScope<T> pageLockScope)
        where T : unmanaged
        where TView : IContiguousArrayView<T> =>
        QueuePageLockedFrom(View<T, TView>(target), StreamOf(target), pageLockScope);

    /// <summary>Queues a copy from a page-locked array of the same length.</summary>
    public static void CopyFromPageLockedAsync<T, TView>(
        this TView target, AcceleratorStream stream, PageLockedArray<T> pageLockedArray)
        where T : unmanaged
        where TView : IContiguousArrayView<T> =>
        MemoryTransfer.Copy(stream, target.AsRawArrayView(), pageLockedArray.ArrayView.Cast<byte>());

    /// <summary>Queues a copy from page-locked memory of the same length.</summary>
    public static void CopyFromPageLockedAsync<T, TView>(
        this TView target, AcceleratorStream stream, PageLockScope<T> pageLockScope)
        where T : unmanaged
        where TView : IContiguousArrayView<T> =>
        QueuePageLockedFrom(View<T, TView>(target), stream, pageLockScope);

    static unsafe void CopyFromHost<T>(ArrayView<T> target, AcceleratorStream stream, ReadOnlySpan<T> data)
        where T : unmanaged
    {
        RequireLength(target.Length, data.Length);
        fixed (T* first = data)
            MemoryTransfer.FromHost(stream, target.Cast<byte>(), (nint)first);

        stream.Synchronize();
    }

    static unsafe void QueueFromHost<T>(ArrayView<T> target, AcceleratorStream stream, ref T data, long length)
        where T : unmanaged
    {
        RequireLength(target.Length, length);
        MemoryTransfer.FromHost(stream, target.Cast<byte>(), (nint)Unsafe.AsPointer(ref data));
    }

    static void QueuePageLockedFrom<T>(ArrayView<T> target, AcceleratorStream stream, PageLockScope<T> scope)
        where T : unmanaged
    {
        RequireLength(target.Length, scope.Length);
        MemoryTransfer.FromHost(stream, target.Cast<byte>(), scope.AddrOfLockedObject);
    }

    static ArrayView<T> View<T, TView>(TView view)
        where T : unmanaged
        where TView : IContiguousArrayView<T> =>
        view.AsRawArrayView().Cast<T>();

    static AcceleratorStream StreamOf<T>(ArrayView<T> view)
        where T : unmanaged =>
        ((IArrayView)view).Buffer.Accelerator.DefaultStream;

    static void RequireLength(long view, long data)
    {
        if (view != data)
        {
            throw new ArgumentException(
                $"The view has {view} elements and the data {data}; cut the larger one (SubView, or a span's slice).");
        }
    }
}
