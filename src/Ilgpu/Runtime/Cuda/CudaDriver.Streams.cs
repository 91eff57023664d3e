using ILGPU.Runtime.Cuda;

namespace IlgpuDca.Ilgpu.Runtime.Cuda;

/// <summary>Streams, events and graphs: the driver's functions, parameters as in its header.</summary>
unsafe partial class CudaDriver
{
    public delegate* unmanaged<nint*, uint, CudaError> StreamCreate { get; private set; }

    public delegate* unmanaged<nint, CudaError> StreamDestroy { get; private set; }

    public delegate* unmanaged<nint, CudaError> StreamSynchronize { get; private set; }

    public delegate* unmanaged<nint, nint, uint, CudaError> StreamWaitEvent { get; private set; }

    public delegate* unmanaged<nint, int, CudaError> StreamBeginCapture { get; private set; }

    public delegate* unmanaged<nint, nint*, CudaError> StreamEndCapture { get; private set; }

    public delegate* unmanaged<nint*, uint, CudaError> EventCreate { get; private set; }

    public delegate* unmanaged<nint, CudaError> EventDestroy { get; private set; }

    public delegate* unmanaged<nint, nint, CudaError> EventRecord { get; private set; }

    public delegate* unmanaged<nint, CudaError> EventSynchronize { get; private set; }

    public delegate* unmanaged<float*, nint, nint, CudaError> EventElapsedTime { get; private set; }

    public delegate* unmanaged<nint*, nint, ulong, CudaError> GraphInstantiate { get; private set; }

    public delegate* unmanaged<nint, nint, CudaError> GraphLaunch { get; private set; }

    public delegate* unmanaged<nint, CudaError> GraphDestroy { get; private set; }

    public delegate* unmanaged<nint, CudaError> GraphExecDestroy { get; private set; }

    void BindStreams()
    {
        StreamCreate = (delegate* unmanaged<nint*, uint, CudaError>)Symbol("cuStreamCreate");
        StreamDestroy = (delegate* unmanaged<nint, CudaError>)Symbol("cuStreamDestroy_v2");
        StreamSynchronize = (delegate* unmanaged<nint, CudaError>)Symbol("cuStreamSynchronize");
        StreamWaitEvent = (delegate* unmanaged<nint, nint, uint, CudaError>)Symbol("cuStreamWaitEvent");
        StreamBeginCapture = (delegate* unmanaged<nint, int, CudaError>)Symbol("cuStreamBeginCapture_v2");
        StreamEndCapture = (delegate* unmanaged<nint, nint*, CudaError>)Symbol("cuStreamEndCapture");
        EventCreate = (delegate* unmanaged<nint*, uint, CudaError>)Symbol("cuEventCreate");
        EventDestroy = (delegate* unmanaged<nint, CudaError>)Symbol("cuEventDestroy_v2");
        EventRecord = (delegate* unmanaged<nint, nint, CudaError>)Symbol("cuEventRecord");
        EventSynchronize = (delegate* unmanaged<nint, CudaError>)Symbol("cuEventSynchronize");
        EventElapsedTime = (delegate* unmanaged<float*, nint, nint, CudaError>)Symbol("cuEventElapsedTime");
        GraphInstantiate = (delegate* unmanaged<nint*, nint, ulong, CudaError>)Symbol("cuGraphInstantiateWithFlags");
        GraphLaunch = (delegate* unmanaged<nint, nint, CudaError>)Symbol("cuGraphLaunch");
        GraphDestroy = (delegate* unmanaged<nint, CudaError>)Symbol("cuGraphDestroy");
        GraphExecDestroy = (delegate* unmanaged<nint, CudaError>)Symbol("cuGraphExecDestroy");
    }
}
