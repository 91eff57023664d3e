using ILGPU.Runtime;

namespace ILGPU;

/// <summary>
/// Zeroed memory of the host that the garbage collector owns: arrays of a kernel that runs as plain C#.
/// </summary>
sealed unsafe class HostArrayBuffer : MemoryBuffer
{
    readonly byte[] _pinned;

    public HostArrayBuffer(long length, int elementSize)
        : base(null, length, elementSize)
    {
        const int Alignment = 64;
        _pinned = GC.AllocateArray<byte>(checked((int)(length * elementSize + Alignment)), pinned: true);
        nint start = (nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref _pinned[0]);
        NativePtr = start + Interop.ComputeAlignmentOffset(start, Alignment);
    }

    internal override bool IsHostMemory => true;

    internal override bool IsDeviceMemory => false;

    protected override void DisposeAcceleratorObject(bool disposing)
    {
    }
}
