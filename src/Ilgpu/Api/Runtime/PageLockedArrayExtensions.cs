using System.Runtime.InteropServices;

namespace ILGPU.Runtime;

/// <summary>Allocation of page-locked arrays.</summary>
public static class PageLockedArrayExtensions
{
    /// <summary>A zeroed array in page-locked memory.</summary>
    public static PageLockedArray1D<T> AllocatePageLocked1D<T>(this Accelerator accelerator, LongIndex1D extent)
        where T : unmanaged =>
        accelerator.AllocatePageLocked1D<T>(extent, uninitialized: false);

    /// <summary>An array in page-locked memory, zeroed unless asked for uninitialized.</summary>
    public static unsafe PageLockedArray1D<T> AllocatePageLocked1D<T>(
        this Accelerator accelerator, LongIndex1D extent, bool uninitialized)
        where T : unmanaged
    {
        MemoryBuffer memory = accelerator.AllocatePageLocked(extent.X, ArrayView<T>.ElementSize);
        if (!uninitialized)
            NativeMemory.Clear((void*)memory.NativePtr, (nuint)memory.LengthInBytes);

        return new PageLockedArray1D<T>(accelerator, memory, extent.X);
    }
}
