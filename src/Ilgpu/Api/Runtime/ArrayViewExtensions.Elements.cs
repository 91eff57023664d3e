using System.Runtime.CompilerServices;

namespace ILGPU.Runtime;

/// <summary>What views tell and give: copies as arrays, casts, addresses, alignment.</summary>
public static partial class ArrayViewExtensions
{
    /// <summary>A copy of the elements; waits for the default stream.</summary>
    public static T[] GetAsArray<T>(this ArrayView<T> view)
        where T : unmanaged =>
        CopyOut(view, StreamOf(view));

    /// <summary>A copy of the elements, queued on a stream and waited for.</summary>
    public static T[] GetAsArray<T>(this ArrayView<T> view, AcceleratorStream stream)
        where T : unmanaged =>
        CopyOut(view, stream);

    /// <summary>A copy of the elements; waits for the default stream.</summary>
    public static T[] GetAsArray1D<T>(this ArrayView1D<T, Stride1D.Dense> view)
        where T : unmanaged =>
        CopyOut(view.BaseView, StreamOf(view.BaseView));

    /// <summary>A copy of the elements, queued on a stream and waited for.</summary>
    public static T[] GetAsArray1D<T>(this ArrayView1D<T, Stride1D.Dense> view, AcceleratorStream stream)
        where T : unmanaged =>
        CopyOut(view.BaseView, stream);

    /// <summary>A copy of the elements; waits for the default stream.</summary>
    public static T[] GetAsArray1D<T>(this MemoryBuffer<ArrayView1D<T, Stride1D.Dense>> view)
        where T : unmanaged =>
        CopyOut(view.View.BaseView, StreamOf(view.View.BaseView));

    /// <summary>A copy of the elements, queued on a stream and waited for.</summary>
    public static T[] GetAsArray1D<T>(
        this MemoryBuffer<ArrayView1D<T, Stride1D.Dense>> view, AcceleratorStream stream)
        where T : unmanaged =>
        CopyOut(view.View.BaseView, stream);

    /// <summary>A buffer that starts as a copy of an array.</summary>
    public static MemoryBuffer1D<T, Stride1D.Dense> Allocate1D<T>(this Accelerator accelerator, T[] data)
        where T : unmanaged =>
        accelerator.Allocate1D(accelerator.DefaultStream, data);

    /// <summary>The same elements seen as others.</summary>
    public static ArrayView1D<TOther, Stride1D.Dense> Cast<T, TOther>(this ArrayView1D<T, Stride1D.Dense> view)
        where T : unmanaged
        where TOther : unmanaged =>
        view.BaseView.Cast<TOther>();

    /// <summary>The view with its dense stride.</summary>
    public static ArrayView1D<T, Stride1D.Dense> AsDense<T>(this ArrayView<T> view)
        where T : unmanaged =>
        view;

    /// <summary>Whether the view has elements.</summary>
    public static bool HasData<TView>(this TView view)
        where TView : IArrayView =>
        view.IsValid && view.Length > 0;

    /// <summary>Whether the view has no elements.</summary>
    public static bool HasNoData<TView>(this TView view)
        where TView : IArrayView =>
        !view.HasData();

    /// <summary>The accelerator of the view's buffer.</summary>
    public static Accelerator GetAccelerator<TView>(this TView view)
        where TView : IArrayView =>
        view.Buffer.Accelerator;

    /// <summary>Address of the first element in its accelerator's address space; host code only.</summary>
    public static IntPtr LoadEffectiveAddressAsPtr<T>(this ArrayView<T> view)
        where T : unmanaged =>
        MemoryTransfer.Address(view.Cast<byte>());

    /// <summary>First byte of the first element; host memory only.</summary>
    public static ref byte LoadEffectiveAddress<T>(this ArrayView<T> view)
        where T : unmanaged =>
        ref Unsafe.As<T, byte>(ref view[0]);

    /// <summary>The view, known to start at a multiple of the alignment (a constant, in bytes).</summary>
    public static ArrayView<T> AsAligned<T>(this ArrayView<T> view, int alignmentInBytes)
        where T : unmanaged =>
        Aligned(view, alignmentInBytes);

    /// <summary>The view, known to start at a multiple of the alignment (a constant, in bytes).</summary>
    public static ArrayView1D<T, Stride1D.Dense> AsAligned<T>(
        this ArrayView1D<T, Stride1D.Dense> view, int alignmentInBytes)
        where T : unmanaged =>
        Aligned(view.BaseView, alignmentInBytes);

    /// <summary>A buffer that starts as a copy of an array, copied on a stream.</summary>
    public static MemoryBuffer1D<T, Stride1D.Dense> Allocate1D<T>(
        this Accelerator accelerator, AcceleratorStream stream, T[] data)
        where T : unmanaged
    {
        MemoryBuffer1D<T, Stride1D.Dense> buffer = accelerator.Allocate1D<T>(data.Length);
        try
        {
            buffer.CopyFromCPU(stream, data);
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    static T[] CopyOut<T>(ArrayView<T> view, AcceleratorStream stream)
        where T : unmanaged
    {
        var elements = new T[view.Length];
        view.CopyToCPU(stream, elements);
        return elements;
    }

    static ArrayView<T> Aligned<T>(ArrayView<T> view, int alignmentInBytes)
        where T : unmanaged
    {
        if (alignmentInBytes <= 0 || (alignmentInBytes & (alignmentInBytes - 1)) != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(alignmentInBytes), alignmentInBytes, "An alignment is a power of two, in bytes.");
        }

        if (view.IsValid && view.LoadEffectiveAddressAsPtr() % alignmentInBytes != 0)
        {
            throw new ArgumentException(
                $"The view starts at 0x{view.LoadEffectiveAddressAsPtr():x}, which is no multiple of {alignmentInBytes} "
                + "bytes; start it at an aligned element.");
        }

        return view;
    }
}
