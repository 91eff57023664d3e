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
            _memory = LockHugePages(accelerator, LengthInBytes) ?? Allocate(context, LengthInBytes);
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

    /// <summary>Null for small buffers, and where pages that the program has cannot be locked or not be reached by their address.</summary>
    static CudaHandle? LockHugePages(CudaAccelerator accelerator, long bytes)
    {
        if (bytes < HugePages.PageBytes || !HugePages.AreSupported || !accelerator.Device.ReachesLockedPages
            || !HugePages.TryAllocate(bytes, out nint address, out nuint allocated))
            return null;
        CudaPrimaryContext context = accelerator.PrimaryContext;
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
