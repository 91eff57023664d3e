namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>The shape of a launch: groups in the grid, threads in a group.</summary>
public readonly record struct LaunchDimensions(int GridX, int GridY, int GridZ, int GroupX, int GroupY, int GroupZ)
{
    /// <summary>A one-dimensional launch.</summary>
    public LaunchDimensions(int groups, int threadsPerGroup) : this(groups, 1, 1, threadsPerGroup, 1, 1)
    {
    }

    public long Groups => (long)GridX * GridY * GridZ;

    public long ThreadsPerGroup => (long)GroupX * GroupY * GroupZ;
}
