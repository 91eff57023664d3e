using System.Collections.Concurrent;
using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Model.Weights;

/// <summary>
/// A thread with two page-locked buffers of its own: it fills one while the other is copied to the device. It makes and frees them
/// itself, for page-locking takes time that the other threads use.
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
        Staging? second = null;
        try
        {
            using Staging first = new(accelerator, chunkBytes);
            bool isFirst = true;
            foreach (UploadJob job in jobs.GetConsumingEnumerable(cancellation))
            {
                // Locking pages takes time: the first copy is under way before the second buffer is made.
                (isFirst ? first : second ??= new Staging(accelerator, chunkBytes)).Upload(job);
                done(job);
                isFirst = !isFirst;
            }
            first.Wait();
            second?.Wait();
        }
        catch (Exception exception)
        {
            failed(exception);
        }
        finally
        {
            second?.Dispose();
        }
    }

    /// <summary>A page-locked buffer with a stream of its own, whose end is the end of the buffer's last copy.</summary>
    sealed class Staging : IDisposable
    {
        readonly AcceleratorStream _stream;
        readonly PageLockedArray1D<byte> _memory;

        public Staging(Accelerator accelerator, int bytes)
        {
            _stream = accelerator.CreateStream();
            try
            {
                _memory = accelerator.AllocatePageLocked1D<byte>(bytes, uninitialized: true);
            }
            catch
            {
                _stream.Dispose();
                throw;
            }
        }

        public void Upload(UploadJob job)
        {
            Wait();
            Span<byte> memory = _memory.Span;
            job.Fill(memory);
            job.Target.CopyFromCPUUnsafeAsync(_stream, ref memory[0], job.Target.Length);
            if (job.Scales.Length != 0)
                job.Scales.CopyFromCPUUnsafeAsync(_stream, ref memory[(int)job.Target.Length], job.Scales.Length);
        }

        public void Wait() => _stream.Synchronize();

        public void Dispose()
        {
            try
            {
                Wait();
            }
            finally
            {
                _memory.Dispose();
                _stream.Dispose();
            }
        }
    }
}
