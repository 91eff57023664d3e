using ILGPU.Runtime.Cuda;
using IlgpuDca.Ilgpu.Runtime.Cuda;

namespace IlgpuDca.Ilgpu.Extensions;

/// <summary>
/// Work that was captured from a stream and is launched as a whole. The buffers it uses must outlive it.
/// </summary>
public sealed unsafe class CudaGraph : IDisposable
{
    readonly CudaPrimaryContext _context;
    readonly CudaHandle _executable;

    internal CudaGraph(CudaPrimaryContext context, nint graph)
    {
        _context = context;
        nint executable;
        try
        {
            context.Driver.Require(context.Driver.GraphInstantiate(&executable, graph, 0), "cuGraphInstantiateWithFlags");
        }
        finally
        {
            context.Destroy(CudaHandleKind.Graph, graph);
        }

        _executable = context.Own(CudaHandleKind.ExecutableGraph, executable);
    }

    /// <summary>Queues the captured work on a stream.</summary>
    public void Launch(CudaStream stream)
    {
        ObjectDisposedException.ThrowIf(_executable.IsClosed, this);
        _context.MakeCurrent();
        _context.Driver.Require(_context.Driver.GraphLaunch(_executable.Value, stream.StreamPtr), "cuGraphLaunch");
    }

    /// <summary>Frees the graph.</summary>
    public void Dispose() => _executable.Free();
}
