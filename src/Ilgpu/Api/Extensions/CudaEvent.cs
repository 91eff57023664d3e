using ILGPU.Runtime.Cuda;
using IlgpuDca.Ilgpu.Runtime.Cuda;

namespace IlgpuDca.Ilgpu.Extensions;

/// <summary>A point in a stream's work that the host waits for, recorded again and again without allocating.</summary>
public sealed unsafe class CudaEvent : IDisposable
{
    readonly CudaPrimaryContext _context;
    readonly CudaHandle _event;

    /// <summary>An event that nothing was recorded in yet: waiting for it returns at once.</summary>
    public CudaEvent(CudaAccelerator accelerator)
    {
        const uint NoTiming = 2;
        _context = accelerator.PrimaryContext;
        _context.MakeCurrent();
        nint created;
        _context.Driver.Require(_context.Driver.EventCreate(&created, NoTiming), "cuEventCreate");
        _event = _context.Own(CudaHandleKind.Event, created);
    }

    /// <summary>The event is what is queued on the stream now.</summary>
    public void Record(CudaStream stream)
    {
        _context.MakeCurrent();
        _context.Driver.Require(_context.Driver.EventRecord(_event.Value, stream.StreamPtr), "cuEventRecord");
    }

    /// <summary>Waits until the stream has done what was queued when the event was last recorded.</summary>
    public void Wait()
    {
        _context.MakeCurrent();
        _context.Driver.Require(_context.Driver.EventSynchronize(_event.Value), "cuEventSynchronize");
    }

    /// <summary>Frees the event.</summary>
    public void Dispose() => _event.Free();
}
