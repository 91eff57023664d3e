namespace ILGPU;

/// <summary>How a kernel is launched: groups in the grid, threads in a group, dynamic shared memory.</summary>
public readonly struct KernelConfig : IIntrinsicIndex
{
    /// <summary>A launch along x.</summary>
    public KernelConfig(Index1D gridDimension, Index1D groupDimension)
        : this(gridDimension, groupDimension, default)
    {
    }

    /// <summary>A launch along x, with dynamic shared memory.</summary>
    public KernelConfig(Index1D gridDimension, Index1D groupDimension, SharedMemoryConfig sharedMemoryConfig)
        : this(new Index3D(gridDimension.X, 1, 1), new Index3D(groupDimension.X, 1, 1), sharedMemoryConfig)
    {
    }

    /// <summary>A launch in the plane.</summary>
    public KernelConfig(Index2D gridDimension, Index2D groupDimension)
        : this(gridDimension, groupDimension, default)
    {
    }

    /// <summary>A launch in the plane, with dynamic shared memory.</summary>
    public KernelConfig(Index2D gridDimension, Index2D groupDimension, SharedMemoryConfig sharedMemoryConfig)
        : this(new Index3D(gridDimension, 1), new Index3D(groupDimension, 1), sharedMemoryConfig)
    {
    }

    /// <summary>A launch in space.</summary>
    public KernelConfig(Index3D gridDimension, Index3D groupDimension)
        : this(gridDimension, groupDimension, default)
    {
    }

    /// <summary>A launch in space from its six extents.</summary>
    public KernelConfig(int gridDimX, int gridDimY, int gridDimZ, int groupDimX, int groupDimY, int groupDimZ)
        : this(new Index3D(gridDimX, gridDimY, gridDimZ), new Index3D(groupDimX, groupDimY, groupDimZ), default)
    {
    }

    /// <summary>A launch in space, with dynamic shared memory.</summary>
    public KernelConfig(Index3D gridDimension, Index3D groupDimension, SharedMemoryConfig sharedMemoryConfig)
    {
        GridDim = gridDimension;
        GroupDim = groupDimension;
        SharedMemoryConfig = sharedMemoryConfig;
    }

    /// <summary>Groups.</summary>
    public Index3D GridDim { get; }

    /// <summary>Threads of a group.</summary>
    public Index3D GroupDim { get; }

    /// <summary>Dynamic shared memory of a group.</summary>
    public SharedMemoryConfig SharedMemoryConfig { get; }

    /// <summary>Whether the launch asks for dynamic shared memory.</summary>
    public bool UsesDynamicSharedMemory => SharedMemoryConfig.UsesDynamicSharedMemory;

    /// <summary>Which index type this is.</summary>
    public IndexType IndexType => IndexType.KernelConfig;

    /// <summary>Whether both extents are positive.</summary>
    public bool IsValid => IsPositive(GridDim) && IsPositive(GroupDim);

    /// <summary>Threads of the whole launch.</summary>
    public long Size => GridDim.LongSize * GroupDim.LongSize;

    /// <summary>Grid and group.</summary>
    public (Index3D, Index3D) ToDimensions() => (GridDim, GroupDim);

    /// <summary>Grid, group and dynamic shared memory.</summary>
    public (Index3D, Index3D, SharedMemoryConfig) ToValueTuple() => (GridDim, GroupDim, SharedMemoryConfig);

    /// <summary>Takes grid and group apart.</summary>
    public void Deconstruct(out Index3D gridDim, out Index3D groupDim) => (gridDim, groupDim) = ToDimensions();

    /// <summary>Takes grid, group and dynamic shared memory apart.</summary>
    public void Deconstruct(out Index3D gridDim, out Index3D groupDim, out SharedMemoryConfig sharedMemoryConfig) =>
        (gridDim, groupDim, sharedMemoryConfig) = ToValueTuple();

    public static implicit operator KernelConfig((Index1D, Index1D) dimensions) =>
        new(dimensions.Item1, dimensions.Item2);

    public static implicit operator KernelConfig((Index2D, Index2D) dimensions) =>
        new(dimensions.Item1, dimensions.Item2);

    public static implicit operator KernelConfig((Index3D, Index1D) dimensions) =>
        new(dimensions.Item1, new Index3D(dimensions.Item2.X, 1, 1));

    public static implicit operator KernelConfig((Index3D, Index2D) dimensions) =>
        new(dimensions.Item1, new Index3D(dimensions.Item2, 1));

    public static implicit operator KernelConfig((Index3D, Index3D) dimensions) =>
        new(dimensions.Item1, dimensions.Item2);

    public static implicit operator KernelConfig((Index1D, Index1D, SharedMemoryConfig) dimensions) =>
        new(dimensions.Item1, dimensions.Item2, dimensions.Item3);

    public static implicit operator KernelConfig((Index3D, Index3D, SharedMemoryConfig) dimensions) =>
        new(dimensions.Item1, dimensions.Item2, dimensions.Item3);

    public static implicit operator (Index3D, Index3D)(KernelConfig config) => config.ToDimensions();

    public static implicit operator (Index3D, Index3D, SharedMemoryConfig)(KernelConfig config) =>
        config.ToValueTuple();

    static bool IsPositive(Index3D extent) => extent.X > 0 && extent.Y > 0 && extent.Z > 0;
}
