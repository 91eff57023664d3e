using System.Runtime.InteropServices;

namespace ILGPU.Runtime.CPU;

/// <summary>Memory of the host, aligned to 256 bytes as device memory is.</summary>
public sealed unsafe class CPUMemoryBuffer : MemoryBuffer
{
    const int Alignment = 256;

    internal CPUMemoryBuffer(CPUAccelerator accelerator, long length, int elementSize)
        : base(accelerator, length, elementSize)
    {
        try
        {
            NativePtr = (nint)NativeMemory.AlignedAlloc((nuint)Math.Max(LengthInBytes, Alignment), Alignment);
        }
        catch (OutOfMemoryException exception)
        {
            Dispose();
            throw new OutOfMemoryException(
                $"The CPU accelerator asked for {LengthInBytes} bytes and the system refused; free memory, or ask for "
                + "less (a shorter context, a smaller model).",
                exception);
        }
    }

    internal override bool IsHostMemory => true;

    internal override bool IsDeviceMemory => false;

    /// <inheritdoc/>
    protected override void DisposeAcceleratorObject(bool disposing)
    {
        NativeMemory.AlignedFree((void*)NativePtr);
        NativePtr = 0;
    }
}
