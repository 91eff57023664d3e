using ILGPU;

namespace IlgpuDca.Ilgpu.Extensions;

/// <summary>
/// The copy engine between tensors in global memory and shared memory. One thread issues a copy of a box; elements outside the
/// tensor are read as zeros and not written. The coordinate along the rows counts a multiple of 16 bytes, and those of stores and
/// additions are not negative: with others a GPU ends the kernel with an illegal instruction (measured on an H200). sm_90 and newer.
/// </summary>
public static class Tma
{
    /// <summary>Copies the box at the coordinates (fastest first) to shared memory; its bytes count for the barrier's phase.</summary>
    /// <param name="target">First element of the box in shared memory, a multiple of 128 bytes (swizzled: see <see cref="SharedSwizzle"/>).</param>
    /// <param name="map">The tensor: a kernel parameter.</param>
    /// <param name="barrier">In shared memory.</param>
    /// <param name="x">Coordinate along the rows.</param>
    /// <param name="y">The next one.</param>
    public static void Load<T>(ref T target, TensorMap map, ref Mbarrier barrier, int x, int y)
        where T : unmanaged => throw InsideKernel.Only("Tma.Load");

    /// <inheritdoc cref="Load{T}(ref T, TensorMap, ref Mbarrier, int, int)"/>
    public static void Load<T>(ref T target, TensorMap map, ref Mbarrier barrier, int x, int y, int z)
        where T : unmanaged => throw InsideKernel.Only("Tma.Load");

    /// <inheritdoc cref="Load{T}(ref T, TensorMap, ref Mbarrier, int, int)"/>
    public static void Load<T>(ref T target, TensorMap map, ref Mbarrier barrier, int x, int y, int z, int w)
        where T : unmanaged => throw InsideKernel.Only("Tma.Load");

    /// <summary>Copies a box from shared memory to the coordinates; <see cref="Fence"/> and a barrier stand between the writes and it.</summary>
    public static void Store<T>(TensorMap map, ref T source, int x, int y)
        where T : unmanaged => throw InsideKernel.Only("Tma.Store");

    /// <inheritdoc cref="Store{T}(TensorMap, ref T, int, int)"/>
    public static void Store<T>(TensorMap map, ref T source, int x, int y, int z)
        where T : unmanaged => throw InsideKernel.Only("Tma.Store");

    /// <summary>Adds a box in shared memory to what stands at the coordinates, element by element, atomically.</summary>
    public static void Add<T>(TensorMap map, ref T source, int x, int y)
        where T : unmanaged => throw InsideKernel.Only("Tma.Add");

    /// <summary>This thread's stores since the last commit become a group.</summary>
    public static void Commit() => throw InsideKernel.Only("Tma.Commit");

    /// <summary>Waits until all but the latest so many groups have read shared memory.</summary>
    /// <param name="pending">A constant.</param>
    public static void WaitRead(int pending) => throw InsideKernel.Only("Tma.WaitRead");

    /// <summary>Waits until all but the latest so many groups are written.</summary>
    /// <param name="pending">A constant.</param>
    public static void Wait(int pending) => throw InsideKernel.Only("Tma.Wait");

    /// <summary>This thread's writes to shared memory become visible to the copy engine and the tensor cores.</summary>
    public static void Fence() => throw InsideKernel.Only("Tma.Fence");
}
