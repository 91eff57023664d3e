namespace ILGPU.Runtime.CPU;

/// <summary>A stream that is always empty: work is done when it is queued.</summary>
sealed class CpuStream(CPUAccelerator accelerator) : AcceleratorStream(accelerator)
{
    public override void Synchronize() => ObjectDisposedException.ThrowIf(IsDisposed, this);

    internal override ProfilingMarker AddMarker() => new CpuProfilingMarker(Accelerator);

    protected override void DisposeAcceleratorObject(bool disposing)
    {
    }
}
