namespace ILGPU.Runtime;

/// <summary>A point in time on a stream.</summary>
public abstract class ProfilingMarker : AcceleratorObject
{
    private protected ProfilingMarker(Accelerator accelerator)
        : base(accelerator)
    {
    }

    /// <summary>Time from the first marker to the second; waits for both.</summary>
    public static TimeSpan operator -(ProfilingMarker end, ProfilingMarker start) => end.MeasureFrom(start);

    /// <summary>Waits until the stream has reached the marker.</summary>
    public abstract void Synchronize();

    /// <summary>Time from an earlier marker of the same accelerator to this one; waits for both.</summary>
    public abstract TimeSpan MeasureFrom(ProfilingMarker start);
}
