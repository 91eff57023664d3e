namespace ILGPU.Runtime;

/// <summary>Markers on the default stream.</summary>
public static class ProfilingMarkers
{
    /// <summary>Queues a point in time on the default stream.</summary>
    public static ProfilingMarker AddProfilingMarker(this Accelerator accelerator) =>
        accelerator.DefaultStream.AddProfilingMarker();
}
