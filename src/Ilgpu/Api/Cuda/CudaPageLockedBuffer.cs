using IlgpuDca.Ilgpu.Runtime.Cuda;

namespace ILGPU.Runtime.Cuda;

/// <summary>Page-locked memory of the host, which the device reaches too.</summary>
sealed unsafe class CudaPageLockedBuffer : MemoryBuffer
{
    readonly CudaHandle? _memory;

    public CudaPageLockedBuffer(CudaAccelerator accelerator, long length, int elementSize)
        : base(accelerator, length, elementSize)
    {
        const uint Portable = 1;
        CudaPrimaryContext context = accelerator.PrimaryContext;
        context.MakeCurrent();
        nint address;
        CudaError error = context.Driver.MemHostAlloc(&address, (nuint)Math.Max(LengthInBytes, 1), Portable);
        if (error != CudaError.CUDA_SUCCESS)
        {
            Dispose();
            throw context.Driver.Failure(error, $"cuMemHostAlloc of {LengthInBytes} bytes of page-locked memory");
        }

        NativePtr = address;
        _memory = context.Own(CudaHandleKind.HostMemory, address);
    }

    internal override bool IsHostMemory => true;

    internal override bool IsDeviceMemory => true;

    protected override void DisposeAcceleratorObject(bool disposing)
    {
        NativePtr = IntPtr.Zero;
        _memory?.Free();
    }
}
