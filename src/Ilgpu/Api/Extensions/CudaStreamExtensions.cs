using ILGPU.Runtime.Cuda;
using IlgpuDca.Ilgpu.Runtime.Cuda;

namespace IlgpuDca.Ilgpu.Extensions;

/// <summary>Capturing work, and waiting of one stream for another.</summary>
public static unsafe class CudaStreamExtensions
{
    /// <summary>
    /// From here on, what is queued on the stream is recorded instead of run; not for the default stream.
    /// </summary>
    /// <remarks>Compile the kernels before: launch each once.</remarks>
    public static void BeginCapture(this CudaStream stream)
    {
        const int Relaxed = 2;
        if (stream.StreamPtr == 0)
        {
            throw new InvalidOperationException(
                "The default stream cannot be captured; queue the work on a stream of CreateStream().");
        }

        stream.Context.MakeCurrent();
        stream.Context.Driver.Require(
            stream.Context.Driver.StreamBeginCapture(stream.StreamPtr, Relaxed), "cuStreamBeginCapture");
    }

    /// <summary>Ends the recording: the graph of what was queued.</summary>
    public static CudaGraph EndCapture(this CudaStream stream)
    {
        stream.Context.MakeCurrent();
        nint graph;
        stream.Context.Driver.Require(
            stream.Context.Driver.StreamEndCapture(stream.StreamPtr, &graph), "cuStreamEndCapture");
        return new CudaGraph(stream.Context, graph);
    }

    /// <summary>What is queued on this stream from here on waits for what is queued on the other now.</summary>
    public static void WaitFor(this CudaStream stream, CudaStream other)
    {
        const uint NoTiming = 2;
        CudaDriver driver = stream.Context.Driver;
        stream.Context.MakeCurrent();
        nint created;
        driver.Require(driver.EventCreate(&created, NoTiming), "cuEventCreate");
        CudaHandle handle = stream.Context.Own(CudaHandleKind.Event, created);
        try
        {
            driver.Require(driver.EventRecord(created, other.StreamPtr), "cuEventRecord");
            driver.Require(driver.StreamWaitEvent(stream.StreamPtr, created, 0), "cuStreamWaitEvent");
        }
        finally
        {
            handle.Free();
        }
    }
}
