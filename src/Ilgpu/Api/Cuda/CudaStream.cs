using IlgpuDca.Ilgpu.Runtime.Cuda;

namespace ILGPU.Runtime.Cuda;

/// <summary>A queue of a CUDA device.</summary>
public sealed unsafe class CudaStream : AcceleratorStream
{
    readonly CudaHandle? _handle;

    internal CudaStream(CudaAccelerator accelerator, nint pointer, bool responsible)
        : base(accelerator)
    {
        StreamPtr = pointer;
        Context = accelerator.PrimaryContext;
        if (responsible)
            _handle = Context.Own(CudaHandleKind.Stream, pointer);
    }

    /// <summary>The CUstream; zero is the default stream.</summary>
    public IntPtr StreamPtr { get; }

    /// <summary>The device's context.</summary>
    internal CudaPrimaryContext Context { get; }

    /// <inheritdoc/>
    public override void Synchronize()
    {
        Context.MakeCurrent();
        Context.Driver.Require(Context.Driver.StreamSynchronize(StreamPtr), "cuStreamSynchronize");
    }

    internal override ProfilingMarker AddMarker() => new CudaProfilingMarker(this);

    /// <inheritdoc/>
    protected override void DisposeAcceleratorObject(bool disposing) => _handle?.Free();
}
