using System.Runtime.ExceptionServices;
using IlgpuDca.Ilgpu.Runtime.Cpu.Races;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>
/// One launch. The launching thread works itself; helpers from the thread pool join when they get to run, and find
/// nothing left if they are late: a small launch is over by then and has cost a queue entry.
/// </summary>
sealed unsafe class LaunchJob
{
    /// <summary>Chunks that each worker would take if all took the same: evens out groups of different cost.</summary>
    const int ChunksPerWorker = 8;

    readonly CpuKernel _kernel;
    readonly LaunchDimensions _dimensions;
    readonly ulong* _slots;
    readonly int _dynamicSharedBytes;
    readonly long _groups;
    readonly RaceReport? _races;
    long _chunk = 1;
    long _next;
    int _running;
    Exception? _failure;

    /// <param name="slots">The arguments; they must stay where they are until <see cref="Run"/> returns.</param>
    public LaunchJob(CpuKernel kernel, in LaunchDimensions dimensions, ulong* slots, int dynamicSharedBytes)
    {
        (_kernel, _dimensions, _dynamicSharedBytes) = (kernel, dimensions, dynamicSharedBytes);
        _slots = slots;
        _groups = dimensions.Groups;
        _races = kernel.Plan.FindsRaces ? new RaceReport(kernel) : null;
    }

    /// <summary>Runs all groups, on as many threads as there are workers and groups.</summary>
    public void Run(int workers)
    {
        workers = (int)Math.Min(workers, _groups);
        _chunk = Math.Max(1, _groups / ((long)workers * ChunksPerWorker));
        for (int helper = 1; helper < workers; helper++)
            ThreadPool.UnsafeQueueUserWorkItem(static job => job.Work(), this, preferLocal: false);
        Work();
        SpinWait spin = default;
        while (Volatile.Read(ref _running) != 0)
            spin.SpinOnce(sleep1Threshold: -1);
        if (_failure != null)
            ExceptionDispatchInfo.Throw(_failure);
        _races?.ThrowIfAny();
    }

    void Work()
    {
        // Counted before the first claim: whoever sees no work left and nobody counted knows that all is done.
        Interlocked.Increment(ref _running);
        try
        {
            GroupRunner? runner = null;
            while (true)
            {
                long first = Interlocked.Add(ref _next, _chunk) - _chunk;
                if (first >= _groups)
                    break;
                runner ??= new GroupRunner(_kernel, _dimensions, _slots, _dynamicSharedBytes, _races);
                for (long group = first; group < Math.Min(first + _chunk, _groups); group++)
                    runner.Run(group);
            }
        }
        catch (Exception error)
        {
            Fail(error is NullReferenceException
                ? new KernelException($"{_kernel.Name}: the kernel read or wrote through a null pointer. "
                    + "Pass a view of an allocated buffer.", error)
                : error);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    /// <summary>Keeps the first failure and leaves no work for the others.</summary>
    void Fail(Exception error)
    {
        Interlocked.CompareExchange(ref _failure, error, null);
        Interlocked.Exchange(ref _next, _groups);
    }
}
