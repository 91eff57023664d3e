using ILGPU.Runtime;

namespace ILGPU;

/// <summary>Memory that the threads of one group share. Extents are constants; contents start undefined.</summary>
public static class SharedMemory
{
    /// <summary>One element.</summary>
    public static ref T Allocate<T>()
        where T : unmanaged =>
        ref Allocate<T>(1)[0];

    /// <summary>An array of a constant number of elements.</summary>
    public static ArrayView<T> Allocate<T>(int extent)
        where T : unmanaged =>
        throw InsideKernel.Only("SharedMemory.Allocate");

    /// <summary>An array of a constant number of elements.</summary>
    public static ArrayView1D<T, Stride1D.Dense> Allocate1D<T>(Index1D extent)
        where T : unmanaged =>
        new(Allocate<T>(extent.X), extent, default);

    /// <summary>
    /// The bytes that the launch asked for by SharedMemoryConfig, as elements of T. Every call starts at byte 0.
    /// </summary>
    public static ArrayView<T> GetDynamic<T>()
        where T : unmanaged =>
        throw InsideKernel.Only("SharedMemory.GetDynamic");
}
