using ILGPU;

namespace IlgpuDca.Ilgpu.Extensions;

/// <summary>
/// Copies of 16 bytes from global to shared memory that run beside the thread that asks for them (cp.async, sm_80 and
/// newer). Each thread waits for its own; a barrier of the group follows before others read what was copied.
/// </summary>
public static class AsyncCopy
{
    /// <summary>Bytes of a copy.</summary>
    public const int Bytes = 16;

    /// <summary>
    /// Copies the first so many bytes of an element of 16; the others become zeros. With 0 nothing is read.
    /// </summary>
    /// <param name="target">In shared memory, a multiple of 16 bytes.</param>
    /// <param name="source">In global memory, a multiple of 16 bytes; past L1, for it is read once.</param>
    /// <param name="bytes">0 to 16.</param>
    public static void Copy<T>(ref T target, ref T source, int bytes)
        where T : unmanaged => throw InsideKernel.Only("AsyncCopy.Copy");

    /// <summary>This thread's copies since the last commit become a group, which may be empty.</summary>
    public static void Commit() => throw InsideKernel.Only("AsyncCopy.Commit");

    /// <summary>Waits until all but this thread's latest so many groups are copied.</summary>
    /// <param name="pending">A constant.</param>
    public static void Wait(int pending) => throw InsideKernel.Only("AsyncCopy.Wait");
}
