using ILGPU;
using ILGPU.Runtime;
#if !ILGPU_PACKAGE
using ILGPU.Runtime.Cuda;
using IlgpuDca.Ilgpu.Extensions;
#endif

namespace IlgpuDca.Model;

/// <summary>
/// Page-locked memory that the device writes drawn ids to, each at its place modulo the ring's length, and the events that tell the
/// host when. Allocates nothing while in use.
/// </summary>
sealed class TokenRing : IDisposable
{
    /// <summary>Ids that may be under way: one that is read, one that is drawn behind it, and room.</summary>
    public const int Length = 4;

    readonly PageLockedArray1D<int> _ids;
    readonly AcceleratorStream _stream;
#if !ILGPU_PACKAGE
    readonly CudaEvent[] _events = [];
#endif

    public TokenRing(Accelerator accelerator, AcceleratorStream stream)
    {
        _stream = stream;
        _ids = accelerator.AllocatePageLocked1D<int>(Length);
#if !ILGPU_PACKAGE
        if (accelerator is CudaAccelerator cuda)
            _events = [new(cuda), new(cuda), new(cuda), new(cuda)];
#endif
    }

    /// <summary>The ids, for kernels.</summary>
    public ArrayView<int> View => _ids.ArrayView;

    /// <summary>Notes that the draw for a place is queued.</summary>
    public void Queued(int place)
    {
#if !ILGPU_PACKAGE
        if (_events.Length > 0)
            _events[place % Length].Record((CudaStream)_stream);
#endif
    }

    /// <summary>Waits for the draw for a place, and gives its id.</summary>
    public int Read(int place)
    {
#if !ILGPU_PACKAGE
        if (_events.Length > 0)
            _events[place % Length].Wait();
        else
            _stream.Synchronize();
#else
        _stream.Synchronize();
#endif
        return Volatile.Read(ref _ids.Span[place % Length]);
    }

    public void Dispose()
    {
#if !ILGPU_PACKAGE
        foreach (CudaEvent done in _events)
            done.Dispose();
#endif
        _ids.Dispose();
    }
}
