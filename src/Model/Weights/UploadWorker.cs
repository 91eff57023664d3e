using System.Collections.Concurrent;
using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Model.Weights;

/// <summary>
/// A thread with a stream and two page-locked buffers of its own: it fills one while the other is copied to the device.
/// </summary>
sealed class UploadWorker : IDisposable
{
    readonly AcceleratorStream _stream;
    readonly PageLockedArray1D<byte>[] _staging = new PageLockedArray1D<byte>[2];
    readonly ProfilingMarker?[] _copied = new ProfilingMarker?[2];
    readonly Thread _thread;

    /// <param name="accelerator">The device.</param>
    /// <param name="chunkBytes">Bytes of a buffer: no job has more.</param>
    /// <param name="jobs">Where jobs are taken from, until it is completed.</param>
    /// <param name="done">Told of each job that is on its way.</param>
    /// <param name="failed">Told of what ended the thread early.</param>
    /// <param name="cancellation">Looked at before each job.</param>
    public UploadWorker(Accelerator accelerator, int chunkBytes, BlockingCollection<UploadJob> jobs, Action<UploadJob> done,
        Action<Exception> failed, CancellationToken cancellation)
    {
        _thread = new Thread(() => Run(jobs, done, failed, cancellation)) { IsBackground = true, Name = "weight upload" };
        _stream = accelerator.CreateStream();
        try
        {
            for (int i = 0; i < _staging.Length; i++)
                _staging[i] = accelerator.AllocatePageLocked1D<byte>(chunkBytes, uninitialized: true);
        }
        catch
        {
            Free();
            throw;
        }
    }

    public void Start() => _thread.Start();

    /// <summary>Waits for the thread's end and for its copies.</summary>
    public void Join()
    {
        if (_thread.ThreadState.HasFlag(ThreadState.Unstarted))
            return;
        _thread.Join();
        _stream.Synchronize();
    }

    /// <summary>Frees the buffers; the thread must have ended.</summary>
    public void Dispose() => Free();

    void Run(BlockingCollection<UploadJob> jobs, Action<UploadJob> done, Action<Exception> failed, CancellationToken cancellation)
    {
        try
        {
            int next = 0;
            foreach (UploadJob job in jobs.GetConsumingEnumerable(cancellation))
            {
                Upload(job, next);
                done(job);
                next = (next + 1) % _staging.Length;
            }
        }
        catch (Exception exception)
        {
            failed(exception);
        }
    }

    void Upload(UploadJob job, int buffer)
    {
        _copied[buffer]?.Synchronize();
        _copied[buffer]?.Dispose();
        Span<byte> staging = _staging[buffer].Span;
        job.Fill(staging);
        job.Target.CopyFromCPUUnsafeAsync(_stream, ref staging[0], job.Target.Length);
        _copied[buffer] = _stream.AddProfilingMarker();
    }

    void Free()
    {
        foreach (ProfilingMarker? marker in _copied)
            marker?.Dispose();
        foreach (PageLockedArray1D<byte>? staging in _staging)
            staging?.Dispose();
        _stream.Dispose();
    }
}
