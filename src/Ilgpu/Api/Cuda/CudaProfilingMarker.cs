using IlgpuDca.Ilgpu.Runtime.Cuda;

namespace ILGPU.Runtime.Cuda;

/// <summary>An event of the driver, recorded on a stream.</summary>
sealed unsafe class CudaProfilingMarker : ProfilingMarker
{
    readonly CudaPrimaryContext _context;
    readonly CudaHandle? _event;

    public CudaProfilingMarker(CudaStream stream)
        : base(stream.Accelerator)
    {
        _context = stream.Context;
        _context.MakeCurrent();
        nint created;
        _context.Driver.Require(_context.Driver.EventCreate(&created, 0), "cuEventCreate");
        _event = _context.Own(CudaHandleKind.Event, created);
        _context.Driver.Require(_context.Driver.EventRecord(created, stream.StreamPtr), "cuEventRecord");
    }

    nint Event => _event!.Value;

    public override void Synchronize()
    {
        _context.MakeCurrent();
        _context.Driver.Require(_context.Driver.EventSynchronize(Event), "cuEventSynchronize");
    }

    public override TimeSpan MeasureFrom(ProfilingMarker start)
    {
        if (start is not CudaProfilingMarker marker || !ReferenceEquals(marker._context, _context))
        {
            throw new ArgumentException(
                $"The start marker belongs to {start.Accelerator.Name}; use two of one accelerator.");
        }

        marker.Synchronize();
        Synchronize();
        float milliseconds;
        _context.Driver.Require(
            _context.Driver.EventElapsedTime(&milliseconds, marker.Event, Event), "cuEventElapsedTime");
        return TimeSpan.FromMilliseconds(milliseconds);
    }

    protected override void DisposeAcceleratorObject(bool disposing) => _event?.Free();
}
