using System.Collections.Concurrent;
using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Model.Weights;

/// <summary>
/// A thread with a stream and two page-locked buffers of its own: it fills one while the other is copied to the device. It makes
/// and frees them itself, for page-locking takes time that the other threads use.
/// </summary>
/// <param name="accelerator">The device.</param>
/// <param name="chunkBytes">Bytes of a buffer: no job has more.</param>
/// <param name="jobs">Where jobs are taken from, until it is completed.</param>
/// <param name="done">Told of each job that is on its way.</param>
/// <param name="failed">Told of what ended the thread early.</param>
/// <param name="cancellation">Looked at before each job.</param>
sealed class UploadWorker(Accelerator accelerator, int chunkBytes, BlockingCollection<UploadJob> jobs, Action<UploadJob> done,
    Action<Exception> failed, CancellationToken cancellation)
{
    const int Buffers = 2;

    Thread? _thread;

    public void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "weight upload" };
        _thread.Start();
    }

    /// <summary>Waits until the thread has ended, its copies are done and its buffers are freed.</summary>
    public void Join() => _thread?.Join();

    void Run()
    {
        try
        {
            using AcceleratorStream stream = accelerator.CreateStream();
            using Staging first = new(accelerator, chunkBytes), second = new(accelerator, chunkBytes);
            try
            {
                Staging[] staging = [first, second];
                int next = 0;
                foreach (UploadJob job in jobs.GetConsumingEnumerable(cancellation))
                {
                    staging[next].Upload(stream, job);
                    done(job);
                    next = (next + 1) % Buffers;
                }
            }
            finally
            {
                stream.Synchronize();
            }
        }
        catch (Exception exception)
        {
            failed(exception);
        }
    }

    /// <summary>A page-locked buffer that remembers its last copy.</summary>
    sealed class Staging(Accelerator accelerator, int bytes) : IDisposable
    {
        readonly PageLockedArray1D<byte> _memory = accelerator.AllocatePageLocked1D<byte>(bytes, uninitialized: true);
        ProfilingMarker? _copied;

        public void Upload(AcceleratorStream stream, UploadJob job)
        {
            _copied?.Synchronize();
            _copied?.Dispose();
            _copied = null;
            Span<byte> memory = _memory.Span;
            job.Fill(memory);
            job.Target.CopyFromCPUUnsafeAsync(stream, ref memory[0], job.Target.Length);
            _copied = stream.AddProfilingMarker();
        }

        public void Dispose()
        {
            _copied?.Dispose();
            _memory.Dispose();
        }
    }
}
