using ILGPU.Runtime.Cuda;

namespace IlgpuDca.Ilgpu.Runtime.Cuda;

/// <summary>Memory and copies: the driver's functions, parameters as in its header.</summary>
unsafe partial class CudaDriver
{
    public delegate* unmanaged<nint*, nuint, CudaError> MemAlloc { get; private set; }

    public delegate* unmanaged<nint, CudaError> MemFree { get; private set; }

    public delegate* unmanaged<nuint*, nuint*, CudaError> MemGetInfo { get; private set; }

    public delegate* unmanaged<nint*, nuint, uint, CudaError> MemHostAlloc { get; private set; }

    public delegate* unmanaged<nint, CudaError> MemFreeHost { get; private set; }

    public delegate* unmanaged<nint, nuint, uint, CudaError> MemHostRegister { get; private set; }

    public delegate* unmanaged<nint, CudaError> MemHostUnregister { get; private set; }

    public delegate* unmanaged<nint, nint, nuint, nint, CudaError> MemcpyAsync { get; private set; }

    public delegate* unmanaged<nint, byte, nuint, nint, CudaError> MemsetAsync { get; private set; }

    void BindMemory()
    {
        MemAlloc = (delegate* unmanaged<nint*, nuint, CudaError>)Symbol("cuMemAlloc_v2");
        MemFree = (delegate* unmanaged<nint, CudaError>)Symbol("cuMemFree_v2");
        MemGetInfo = (delegate* unmanaged<nuint*, nuint*, CudaError>)Symbol("cuMemGetInfo_v2");
        MemHostAlloc = (delegate* unmanaged<nint*, nuint, uint, CudaError>)Symbol("cuMemHostAlloc");
        MemFreeHost = (delegate* unmanaged<nint, CudaError>)Symbol("cuMemFreeHost");
        MemHostRegister = (delegate* unmanaged<nint, nuint, uint, CudaError>)Symbol("cuMemHostRegister_v2");
        MemHostUnregister = (delegate* unmanaged<nint, CudaError>)Symbol("cuMemHostUnregister");
        MemcpyAsync = (delegate* unmanaged<nint, nint, nuint, nint, CudaError>)Symbol("cuMemcpyAsync");
        MemsetAsync = (delegate* unmanaged<nint, byte, nuint, nint, CudaError>)Symbol("cuMemsetD8Async");
    }
}
