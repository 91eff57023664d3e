using System.Runtime.CompilerServices;
using ILGPU.Runtime;

namespace ILGPU;

/// <summary>Arrays of one thread. Extents are constants; as plain C#, zeroed memory of the host.</summary>
public static class LocalMemory
{
    /// <summary>An array of a constant number of elements.</summary>
    public static ArrayView<T> Allocate<T>(int extent)
        where T : unmanaged =>
        new(new HostArrayBuffer(extent, Unsafe.SizeOf<T>()), 0, extent);

    /// <summary>An array of a constant number of elements.</summary>
    public static ArrayView1D<T, Stride1D.Dense> Allocate1D<T>(Index1D extent)
        where T : unmanaged =>
        new(Allocate<T>(extent.X), extent, default);
}
