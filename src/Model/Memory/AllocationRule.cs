namespace IlgpuDca.Model;

/// <summary>How a device's memory grows with what is allocated, in bytes.</summary>
/// <param name="Block">
/// What the driver takes memory in: a buffer above <see cref="Large"/> fills blocks of its own, smaller ones share some. 1: nothing is rounded.
/// </param>
/// <param name="Alignment">Where buffers that share a block may begin.</param>
/// <param name="Large">The largest buffer that shares a block.</param>
public readonly record struct AllocationRule(long Block, long Alignment, long Large)
{
    /// <summary>Bytes are what they are.</summary>
    public static readonly AllocationRule Exact = new(1, 1, 0);

    /// <summary>The CUDA driver's cuMemAlloc.</summary>
    public static readonly AllocationRule Cuda = new(2 << 20, 512, 1 << 20);

    /// <summary>What these buffers take together.</summary>
    public long Sum(IEnumerable<long> buffers)
    {
        long large = 0, shared = 0;
        foreach (long bytes in buffers)
        {
            if (bytes > Large)
                large += RoundUp(bytes, Block);
            else
                shared += RoundUp(bytes, Alignment);
        }
        return large + RoundUp(shared, Block);
    }

    static long RoundUp(long bytes, long unit) => (bytes + unit - 1) / unit * unit;
}
