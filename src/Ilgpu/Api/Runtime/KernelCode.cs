namespace ILGPU.Runtime;

/// <summary>A compiled kernel of one accelerator.</summary>
abstract class KernelCode : IDisposable
{
    /// <summary>Runs the kernel, or queues it.</summary>
    /// <param name="stream">A stream of the kernel's accelerator.</param>
    /// <param name="config">Grid, group and dynamic shared memory; checked already.</param>
    /// <param name="slots">The leaves of all arguments, one slot each, the value in the low bytes.</param>
    public abstract void Launch(AcceleratorStream stream, in KernelConfig config, Span<ulong> slots);

    /// <summary>Groups that fit a multiprocessor at once.</summary>
    public abstract int MaxActiveGroups(int groupSize, int dynamicSharedBytes);

    /// <summary>The group size that fills the device best, and the fewest groups that do.</summary>
    public abstract int BestGroupSize(int dynamicSharedBytes, int maxGroupSize, out int minGridSize);

    /// <summary>Frees the code.</summary>
    public abstract void Dispose();
}
