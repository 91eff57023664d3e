using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Quantization;
using IlgpuDca.Loader;

namespace IlgpuDca.Model.Weights;

/// <summary>
/// Streams tensors from their mapped files to the device. Several threads copy chunks out of the files into page-locked buffers,
/// converting where the types differ, while the chunks before are on their way to the device: one thread's copy out of the page
/// cache is slower than the bus.
/// </summary>
sealed class WeightUploader : IDisposable
{
    /// <summary>Bytes of a chunk on the device. Large enough that a copy's start is nothing, small enough for many threads.</summary>
    public const int StandardChunkBytes = 4 << 20;

    /// <summary>Threads that fill the bus from the page cache where there are as many cores.</summary>
    public const int MostThreads = 12;

    readonly Accelerator _accelerator;
    readonly int _chunkBytes;
    readonly long _totalBytes;
    readonly IProgress<LoadProgress>? _progress;
    readonly CancellationTokenSource _stop;
    readonly BlockingCollection<UploadJob> _jobs = [];
    readonly List<UploadWorker> _workers = [];
    readonly Lock _reporting = new();
    Exception? _fault;
    long _done;

    /// <param name="accelerator">The device.</param>
    /// <param name="totalBytes">Bytes of all weights on the device.</param>
    /// <param name="progress">Told of every chunk, one at a time, on any thread.</param>
    /// <param name="cancellation">Looked at before each chunk.</param>
    /// <param name="threads">How many threads copy; null: as many as there are cores, up to <see cref="MostThreads"/>.</param>
    /// <param name="chunkBytes">A multiple of 4.</param>
    public WeightUploader(Accelerator accelerator, long totalBytes, IProgress<LoadProgress>? progress, CancellationToken cancellation,
        int? threads = null, int chunkBytes = StandardChunkBytes)
    {
        (_accelerator, _chunkBytes, _totalBytes, _progress) = (accelerator, chunkBytes, totalBytes, progress);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        long chunks = Math.Max(1, totalBytes / chunkBytes);
        int count = (int)Math.Min(threads ?? Math.Min(Environment.ProcessorCount, MostThreads), chunks);
        for (int i = 0; i < count; i++)
            _workers.Add(new UploadWorker(accelerator, chunkBytes, _jobs, Report, Fail, _stop.Token));
        foreach (UploadWorker worker in _workers)
            worker.Start();
    }

    /// <summary>Tensors one after the other in a buffer of their own, which is filled when <see cref="Complete"/> returns.</summary>
    /// <typeparam name="T">float or BFloat16.</typeparam>
    public MemoryBuffer1D<T, Stride1D.Dense> Upload<T>(params ReadOnlySpan<WeightTensor> tensors)
        where T : unmanaged
    {
        ThrowFault();
        long elements = 0;
        foreach (WeightTensor tensor in tensors)
            elements += tensor.Info.Elements;
        MemoryBuffer1D<T, Stride1D.Dense> buffer = _accelerator.Allocate1D<T>(elements);
        long offset = 0;
        foreach (WeightTensor tensor in tensors)
        {
            Queue([tensor], tensor.Info.Elements, buffer.View.BaseView.SubView(offset, tensor.Info.Elements));
            offset += tensor.Info.Elements;
        }
        return buffer;
    }

    /// <summary>Pairs of tensors, all of the same shape, one pair after the other in a buffer of their own: in turn some elements of the one and of its partner.</summary>
    /// <typeparam name="T">float or BFloat16.</typeparam>
    /// <param name="block">Elements of a turn.</param>
    /// <param name="tensors">Each pair's first, which comes first in each turn, and its partner.</param>
    public MemoryBuffer1D<T, Stride1D.Dense> UploadInterleaved<T>(long block, params ReadOnlySpan<WeightTensor> tensors)
        where T : unmanaged
    {
        ThrowFault();
        long elements = tensors[0].Info.Elements;
        MemoryBuffer1D<T, Stride1D.Dense> buffer = _accelerator.Allocate1D<T>(tensors.Length * elements);
        for (int first = 0; first < tensors.Length; first += 2)
            Queue<T>([tensors[first], tensors[first + 1]], block, buffer.View.BaseView.SubView(first * elements, 2 * elements));
        return buffer;
    }

    /// <summary>
    /// A quantised matrix, which is filled when <see cref="Complete"/> returns. That, or the next <see cref="Upload{T}"/>, throws what
    /// stopped the threads: here the caller's buffers would be lost.
    /// </summary>
    /// <param name="matrix">Its buffers.</param>
    /// <param name="tensors">What it holds, in turn some elements of each.</param>
    /// <param name="block">Elements of a turn.</param>
    public void UploadQuantized(QuantizedMatrix matrix, WeightTensor[] tensors, long block)
    {
        foreach (UploadJob job in UploadJob.OfQuantized(tensors, block, matrix, _chunkBytes))
            _jobs.Add(job);
    }

    /// <summary>Waits until everything is on the device; throws what stopped it.</summary>
    public void Complete()
    {
        _jobs.CompleteAdding();
        foreach (UploadWorker worker in _workers)
            worker.Join();
        ThrowFault();
    }

    /// <summary>Stops the threads and waits for their copies and buffers: nothing writes into any buffer afterwards.</summary>
    public void Abort()
    {
        _stop.Cancel();
        foreach (UploadWorker worker in _workers)
            worker.Join();
    }

    public void Dispose()
    {
        Abort();
        _jobs.Dispose();
        _stop.Dispose();
    }

    void Queue<T>(WeightTensor[] tensors, long block, ArrayView<T> target)
        where T : unmanaged
    {
        foreach (UploadJob job in UploadJob.Of(tensors, block, target, _chunkBytes))
            _jobs.Add(job);
    }

    void Report(UploadJob job)
    {
        if (_progress is null)
            return;
        lock (_reporting)
        {
            _done += job.Target.Length + job.Scales.Length;
            _progress.Report(new LoadProgress(_done, _totalBytes));
        }
    }

    /// <summary>Keeps the first fault, and stops the others.</summary>
    void Fail(Exception exception)
    {
        Interlocked.CompareExchange(ref _fault, exception, null);
        _stop.Cancel();
    }

    void ThrowFault()
    {
        if (Volatile.Read(ref _fault) is { } fault)
            ExceptionDispatchInfo.Throw(fault);
    }
}
