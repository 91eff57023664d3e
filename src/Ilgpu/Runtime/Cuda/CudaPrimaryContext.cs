using System.Collections.Concurrent;
using ILGPU.Runtime.Cuda;

namespace IlgpuDca.Ilgpu.Runtime.Cuda;

/// <summary>The primary context of one device: current on a thread before each call that needs it.</summary>
sealed unsafe class CudaPrimaryContext
{
    [ThreadStatic]
    static CudaPrimaryContext? t_current;

    readonly ConcurrentQueue<(CudaHandleKind Kind, nint Value)> _abandoned = new();
    readonly int _device;
    bool _closed;

    /// <summary>Takes hold of a device's primary context.</summary>
    /// <param name="driver">The driver.</param>
    /// <param name="device">The driver's device.</param>
    /// <param name="scheduling">How a thread waits for the device; 0 lets the driver choose.</param>
    public CudaPrimaryContext(CudaDriver driver, int device, uint scheduling)
    {
        Driver = driver;
        _device = device;
        if (scheduling != 0)
            driver.Require(driver.DevicePrimaryCtxSetFlags(device, scheduling), "cuDevicePrimaryCtxSetFlags");

        nint handle;
        driver.Require(driver.DevicePrimaryCtxRetain(&handle, device), "cuDevicePrimaryCtxRetain");
        Handle = handle;
    }

    /// <summary>The driver.</summary>
    public CudaDriver Driver { get; }

    /// <summary>The CUcontext.</summary>
    public nint Handle { get; }

    /// <summary>Makes the context current on this thread; costs nothing where it is.</summary>
    public void MakeCurrent()
    {
        if (ReferenceEquals(t_current, this))
            return;

        ObjectDisposedException.ThrowIf(_closed, this);
        Driver.Require(Driver.CtxSetCurrent(Handle), "cuCtxSetCurrent");
        t_current = this;
    }

    /// <summary>Wraps what the driver made.</summary>
    public CudaHandle Own(CudaHandleKind kind, nint value) => new(this, kind, value);

    /// <summary>Frees something. A context that an earlier error has ended frees all by itself.</summary>
    public void Destroy(CudaHandleKind kind, nint value)
    {
        if (_closed)
            return;

        MakeCurrent();
        CudaError ignored = kind switch
        {
            CudaHandleKind.DeviceMemory => Driver.MemFree(value),
            CudaHandleKind.HostMemory => Driver.MemFreeHost(value),
            CudaHandleKind.HostRegistration => Driver.MemHostUnregister(value),
            CudaHandleKind.LockedPages => UnlockAndFree(value),
            CudaHandleKind.Stream => Driver.StreamDestroy(value),
            CudaHandleKind.Event => Driver.EventDestroy(value),
            CudaHandleKind.Module => Driver.ModuleUnload(value),
            CudaHandleKind.Graph => Driver.GraphDestroy(value),
            _ => Driver.GraphExecDestroy(value),
        };
    }

    CudaError UnlockAndFree(nint pages)
    {
        CudaError error = Driver.MemHostUnregister(pages);
        // What is still locked stays: the device may reach it.
        if (error == CudaError.CUDA_SUCCESS)
            HugePages.Free(pages);
        return error;
    }

    /// <summary>Remembers something that was forgotten, to be freed by <see cref="FreeAbandoned"/>.</summary>
    public void Abandon(CudaHandleKind kind, nint value) => _abandoned.Enqueue((kind, value));

    /// <summary>Frees what was forgotten.</summary>
    public void FreeAbandoned()
    {
        while (_abandoned.TryDequeue(out (CudaHandleKind Kind, nint Value) abandoned))
            Destroy(abandoned.Kind, abandoned.Value);
    }

    /// <summary>Lets go of the context.</summary>
    public void Close()
    {
        FreeAbandoned();
        _closed = true;
        if (ReferenceEquals(t_current, this))
            t_current = null;

        // Nothing can be done about a failure here: the process gives the context back when it ends.
        Driver.DevicePrimaryCtxRelease(_device);
    }
}
