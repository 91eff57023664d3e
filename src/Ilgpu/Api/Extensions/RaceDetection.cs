using ILGPU;

namespace IlgpuDca.Ilgpu.Extensions;

/// <summary>Makes CPU accelerators look for races.</summary>
public static class RaceDetection
{
    /// <summary>
    /// A launch fails whose threads, copies or multiplications touch the same byte of shared memory, one of them writing, while nothing
    /// orders the two: whatever the results are. Launches take longer.
    /// </summary>
    public static Context.Builder DetectRaces(this Context.Builder builder)
    {
        builder.Properties.DetectRaces = true;
        return builder;
    }
}
