namespace ILGPU.Runtime.CPU;

/// <summary>Memory of the host as it is: the processor needs no lock to copy.</summary>
sealed class CpuPageLock<T>(CPUAccelerator accelerator, nint address, long length)
    : PageLockScope<T>(accelerator, address, length)
    where T : unmanaged
{
    protected override void DisposeAcceleratorObject(bool disposing)
    {
    }
}
