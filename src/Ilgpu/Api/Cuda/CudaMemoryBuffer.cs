using IlgpuDca.Ilgpu.Runtime.Cuda;

namespace ILGPU.Runtime.Cuda;

/// <summary>Device memory, aligned to 256 bytes at least.</summary>
public sealed unsafe class CudaMemoryBuffer : MemoryBuffer
{
    readonly CudaHandle? _memory;

    /// <summary>Allocates device memory.</summary>
    /// <exception cref="CudaException">
    /// It does not fit: the message has what was asked for and what is free.
    /// </exception>
    public CudaMemoryBuffer(CudaAccelerator accelerator, long length, int elementSize)
        : base(accelerator, length, elementSize)
    {
        CudaPrimaryContext context = accelerator.PrimaryContext;
        context.MakeCurrent();
        context.FreeAbandoned();
        nint address;

        // The driver refuses zero bytes.
        CudaError error = context.Driver.MemAlloc(&address, (nuint)Math.Max(LengthInBytes, 1));
        if (error != CudaError.CUDA_SUCCESS)
        {
            Dispose();
            throw CudaAllocation.Failure(accelerator, error, "cuMemAlloc", LengthInBytes);
        }

        NativePtr = address;
        _memory = context.Own(CudaHandleKind.DeviceMemory, address);
    }

    internal override bool IsHostMemory => false;

    internal override bool IsDeviceMemory => true;

    /// <inheritdoc/>
    protected override void DisposeAcceleratorObject(bool disposing)
    {
        NativePtr = IntPtr.Zero;
        _memory?.Free();
    }
}
