namespace ILGPU.Runtime;

/// <summary>A queue of launches and copies that an accelerator works off in order.</summary>
public abstract class AcceleratorStream : AcceleratorObject
{
    private protected AcceleratorStream(Accelerator accelerator)
        : base(accelerator)
    {
    }

    /// <summary>Whether the next launch must not overlap the one before it.</summary>
    internal bool NextStartsAlone { get; set; }

    /// <summary>Waits until all queued work is done; reports what failed.</summary>
    public abstract void Synchronize();

    /// <summary>Waits as a task.</summary>
    public Task SynchronizeAsync() => Task.Run(Synchronize);

    /// <summary>Makes this stream's accelerator current until the scope is disposed.</summary>
    public ScopedAcceleratorBinding BindScoped() => Accelerator.BindScoped();

    /// <summary>Queues a point in time. NotSupportedException unless the context was built with Profiling().</summary>
    public ProfilingMarker AddProfilingMarker()
    {
        if (!Accelerator.Context.Properties.EnableProfiling)
        {
            throw new NotSupportedException(
                "Profiling markers are off in this context; build it with Context.Create(b => b.…().Profiling()).");
        }

        return AddMarker();
    }

    internal abstract ProfilingMarker AddMarker();
}
