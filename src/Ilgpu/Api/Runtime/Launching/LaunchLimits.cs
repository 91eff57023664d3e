namespace ILGPU.Runtime;

/// <summary>What a launch must keep to, checked before a device is asked.</summary>
static class LaunchLimits
{
    /// <exception cref="ArgumentException">
    /// The launch is not possible: the sentence says which limit it breaks.
    /// </exception>
    public static void Require(Kernel kernel, AcceleratorStream stream, in KernelConfig config)
    {
        Accelerator accelerator = kernel.Accelerator;
        Index3D grid = config.GridDim, group = config.GroupDim;
        int? declared = kernel.Specialization.MaxNumThreadsPerGroup;
        string? broken =
            !ReferenceEquals(stream.Accelerator, accelerator)
                ? $"the stream belongs to {stream.Accelerator.Name}, the kernel to {accelerator.Name}; use a stream of it"
            : !config.IsValid
                ? $"grid {grid} and group {group} must be positive along each axis"
            : group.LongSize > accelerator.MaxNumThreadsPerGroup || !Fits(group, accelerator.MaxGroupSize)
                ? $"a group of {group} is larger than {accelerator.Name} allows, {accelerator.MaxNumThreadsPerGroup} "
                    + $"threads and {accelerator.MaxGroupSize} along the axes; launch smaller groups"
            : !Fits(grid, accelerator.MaxGridSize)
                ? $"a grid of {grid} is larger than {accelerator.MaxGridSize}; launch fewer groups"
            : declared is { } threads && group.Size > threads
                ? $"a group of {group.Size} threads breaks the kernel's own limit of {threads}; raise "
                    + "KernelSpecialization.MaxNumThreadsPerGroup"
            : config.SharedMemoryConfig.ArraySize > accelerator.MaxSharedMemoryPerGroup
                ? $"{config.SharedMemoryConfig.ArraySize} bytes of dynamic shared memory are more than the "
                    + $"{accelerator.MaxSharedMemoryPerGroup} of {accelerator.Name}; ask for less"
            : null;

        if (broken is not null)
            throw new ArgumentException($"{kernel.Source.Name}: {broken}.");
    }

    static bool Fits(Index3D extent, Index3D limit) =>
        extent.X <= limit.X && extent.Y <= limit.Y && extent.Z <= limit.Z;
}
