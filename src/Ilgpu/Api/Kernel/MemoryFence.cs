namespace ILGPU;

/// <summary>Orders this thread's memory accesses as seen by others.</summary>
public static class MemoryFence
{
    /// <summary>As seen by the threads of this group.</summary>
    public static void GroupLevel() => Interlocked.MemoryBarrier();

    /// <summary>As seen by the threads of this device.</summary>
    public static void DeviceLevel() => Interlocked.MemoryBarrier();

    /// <summary>As seen by the whole machine.</summary>
    public static void SystemLevel() => Interlocked.MemoryBarrier();
}
