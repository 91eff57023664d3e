using ILGPU.Runtime.Cuda;
using IlgpuDca.Ilgpu.Runtime.Cuda;

namespace ILGPU.Runtime;

/// <summary>Memory of the caller that is page-locked until the scope is disposed.</summary>
public sealed class CudaPageLockScope<T> : PageLockScope<T>
    where T : unmanaged
{
    readonly CudaHandle? _registration;

    CudaPageLockScope(CudaAccelerator accelerator, nint address, long length, CudaHandle? registration)
        : base(accelerator, address, length)
    {
        _registration = registration;
    }

    internal static CudaPageLockScope<T> Lock(CudaAccelerator accelerator, nint address, long length)
    {
        const uint Portable = 1;
        long bytes = length * ArrayView<T>.ElementSize;
        if (bytes == 0)
            return new CudaPageLockScope<T>(accelerator, address, length, registration: null);

        CudaPrimaryContext context = accelerator.PrimaryContext;
        context.MakeCurrent();
        unsafe
        {
            context.Driver.Require(
                context.Driver.MemHostRegister(address, (nuint)bytes, Portable), $"cuMemHostRegister of {bytes} bytes");
        }

        return new CudaPageLockScope<T>(
            accelerator, address, length, context.Own(CudaHandleKind.HostRegistration, address));
    }

    /// <inheritdoc/>
    protected override void DisposeAcceleratorObject(bool disposing) => _registration?.Free();
}
