using System.Runtime.InteropServices;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>A worker's native memory for frames and shared memory. It grows and is kept for the next launch.</summary>
sealed unsafe class GroupMemory : SafeHandle
{
    const int Alignment = FrameLayout.SharedAlignment;

    [ThreadStatic]
    static GroupMemory? _ofThisThread;

    long _bytes;

    GroupMemory() : base(0, true)
    {
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Memory of the calling thread, aligned to 1,024 bytes; valid until the thread asks again.</summary>
    public static byte* OfThisThread(long bytes)
    {
        GroupMemory memory = _ofThisThread ??= new GroupMemory();
        if (memory._bytes >= bytes)
            return (byte*)memory.handle;
        memory.ReleaseHandle();
        (memory.handle, memory._bytes) = (0, 0);
        memory.SetHandle((nint)NativeMemory.AlignedAlloc((nuint)bytes, Alignment));
        memory._bytes = bytes;
        return (byte*)memory.handle;
    }

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
