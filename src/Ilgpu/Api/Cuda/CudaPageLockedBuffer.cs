using IlgpuDca.Ilgpu.Runtime.Cuda;

namespace ILGPU.Runtime.Cuda;

/// <summary>Page-locked memory of the host, which the device reaches too; large buffers lie in huge pages.</summary>
sealed unsafe class CudaPageLockedBuffer : MemoryBuffer
{
    const uint Portable = 1;

    readonly CudaHandle? _memory;

    public CudaPageLockedBuffer(CudaAccelerator accelerator, long length, int elementSize)
        : base(accelerator, length, elementSize)
    {
        CudaPrimaryContext context = accelerator.PrimaryContext;
        context.MakeCurrent();
        try
        {
            _memory = LockHugePages(context, LengthInBytes) ?? Allocate(context, LengthInBytes);
        }
        catch
        {
            Dispose();
            throw;
        }
        NativePtr = _memory.Value;
    }

    internal override bool IsHostMemory => true;

    internal override bool IsDeviceMemory => true;

    /// <summary>Null for small buffers, and where pages that the program has cannot be locked.</summary>
    static CudaHandle? LockHugePages(CudaPrimaryContext context, long bytes)
    {
        if (bytes < HugePages.PageBytes || !HugePages.AreSupported)
            return null;
        nint address = HugePages.Allocate(bytes, out nuint allocated);
        if (context.Driver.MemHostRegister(address, allocated, Portable) == CudaError.CUDA_SUCCESS)
            return context.Own(CudaHandleKind.LockedPages, address);
        HugePages.Free(address);
        return null;
    }

    static CudaHandle Allocate(CudaPrimaryContext context, long bytes)
    {
        nint address;
        context.Driver.Require(context.Driver.MemHostAlloc(&address, (nuint)Math.Max(bytes, 1), Portable),
            $"cuMemHostAlloc of {bytes} bytes of page-locked memory");
        return context.Own(CudaHandleKind.HostMemory, address);
    }

    protected override void DisposeAcceleratorObject(bool disposing)
    {
        NativePtr = IntPtr.Zero;
        _memory?.Free();
    }
}
