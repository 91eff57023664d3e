namespace ILGPU.Runtime;

/// <summary>A device that accelerators can be made on, and its limits.</summary>
public abstract class Device
{
    private protected Device(AcceleratorType acceleratorType) => AcceleratorType = acceleratorType;

    /// <summary>What accelerators of the device are.</summary>
    public AcceleratorType AcceleratorType { get; }

    /// <summary>The device's name.</summary>
    public string Name { get; private protected init; } = string.Empty;

    /// <summary>Bytes of memory.</summary>
    public long MemorySize { get; private protected init; }

    /// <summary>Groups of the largest grid.</summary>
    public Index3D MaxGridSize { get; private protected init; }

    /// <summary>Threads of the largest group along each axis.</summary>
    public Index3D MaxGroupSize { get; private protected init; }

    /// <summary>Threads of the largest group.</summary>
    public int MaxNumThreadsPerGroup { get; private protected init; }

    /// <summary>Bytes of shared memory that a group can have, dynamic shared memory included.</summary>
    public int MaxSharedMemoryPerGroup { get; private protected init; }

    /// <summary>Bytes of constant memory.</summary>
    public int MaxConstantMemory { get; private protected init; }

    /// <summary>Lanes of a warp.</summary>
    public int WarpSize { get; private protected init; }

    /// <summary>Multiprocessors.</summary>
    public int NumMultiprocessors { get; private protected init; }

    /// <summary>Threads that can be resident on a multiprocessor.</summary>
    public int MaxNumThreadsPerMultiprocessor { get; private protected init; }

    /// <summary>Threads that can be resident at once.</summary>
    public int MaxNumThreads => NumMultiprocessors * MaxNumThreadsPerMultiprocessor;

    /// <summary>Makes an accelerator on the device.</summary>
    public abstract Accelerator CreateAccelerator(Context context);

    public override string ToString() => $"{Name} [{AcceleratorType}]";
}
