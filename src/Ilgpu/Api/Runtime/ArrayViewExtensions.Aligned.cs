namespace ILGPU.Runtime;

/// <summary>Alignments that kernels may count on.</summary>
partial class ArrayViewExtensions
{
    /// <summary>The view, known to start at a multiple of 16 bytes.</summary>
    public static ArrayView<T> AsAligned16<T>(this ArrayView<T> view)
        where T : unmanaged =>
        view.AsAligned(16);

    /// <summary>The view, known to start at a multiple of 32 bytes.</summary>
    public static ArrayView<T> AsAligned32<T>(this ArrayView<T> view)
        where T : unmanaged =>
        view.AsAligned(32);

    /// <summary>The view, known to start at a multiple of 64 bytes.</summary>
    public static ArrayView<T> AsAligned64<T>(this ArrayView<T> view)
        where T : unmanaged =>
        view.AsAligned(64);

    /// <summary>The view, known to start at a multiple of 128 bytes.</summary>
    public static ArrayView<T> AsAligned128<T>(this ArrayView<T> view)
        where T : unmanaged =>
        view.AsAligned(128);

    /// <summary>The view, known to start at a multiple of 256 bytes.</summary>
    public static ArrayView<T> AsAligned256<T>(this ArrayView<T> view)
        where T : unmanaged =>
        view.AsAligned(256);

    /// <summary>The view, known to start at a multiple of 512 bytes.</summary>
    public static ArrayView<T> AsAligned512<T>(this ArrayView<T> view)
        where T : unmanaged =>
        view.AsAligned(512);

    /// <summary>The view, known to start at a multiple of 16 bytes.</summary>
    public static ArrayView1D<T, Stride1D.Dense> AsAligned16<T>(this ArrayView1D<T, Stride1D.Dense> view)
        where T : unmanaged =>
        view.AsAligned(16);

    /// <summary>The view, known to start at a multiple of 32 bytes.</summary>
    public static ArrayView1D<T, Stride1D.Dense> AsAligned32<T>(this ArrayView1D<T, Stride1D.Dense> view)
        where T : unmanaged =>
        view.AsAligned(32);

    /// <summary>The view, known to start at a multiple of 64 bytes.</summary>
    public static ArrayView1D<T, Stride1D.Dense> AsAligned64<T>(this ArrayView1D<T, Stride1D.Dense> view)
        where T : unmanaged =>
        view.AsAligned(64);

    /// <summary>The view, known to start at a multiple of 128 bytes.</summary>
    public static ArrayView1D<T, Stride1D.Dense> AsAligned128<T>(this ArrayView1D<T, Stride1D.Dense> view)
        where T : unmanaged =>
        view.AsAligned(128);

    /// <summary>The view, known to start at a multiple of 256 bytes.</summary>
    public static ArrayView1D<T, Stride1D.Dense> AsAligned256<T>(this ArrayView1D<T, Stride1D.Dense> view)
        where T : unmanaged =>
        view.AsAligned(256);

    /// <summary>The view, known to start at a multiple of 512 bytes.</summary>
    public static ArrayView1D<T, Stride1D.Dense> AsAligned512<T>(this ArrayView1D<T, Stride1D.Dense> view)
        where T : unmanaged =>
        view.AsAligned(512);
}
