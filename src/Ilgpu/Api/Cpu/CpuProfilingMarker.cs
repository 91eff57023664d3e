using System.Diagnostics;

namespace ILGPU.Runtime.CPU;

/// <summary>The time at which the marker was added.</summary>
sealed class CpuProfilingMarker(Accelerator accelerator) : ProfilingMarker(accelerator)
{
    readonly long _timestamp = Stopwatch.GetTimestamp();

    public override void Synchronize()
    {
    }

    public override TimeSpan MeasureFrom(ProfilingMarker start) =>
        start is CpuProfilingMarker marker
            ? Stopwatch.GetElapsedTime(marker._timestamp, _timestamp)
            : throw new ArgumentException(
                $"The start marker belongs to {start.Accelerator.Name}; use two of one accelerator.");

    protected override void DisposeAcceleratorObject(bool disposing)
    {
    }
}
