using ILGPU;

namespace IlgpuDca.Kernels;

/// <summary>Lets the group of a launch that is done last go on with what the others wrote, without waiting for anyone.</summary>
static class LastArrival
{
    /// <summary>
    /// Whether this group is the last of some to arrive; then what the others wrote before they arrived can be read. Every thread of
    /// the group calls it, after its writes. The counter is zero again when the last has arrived.
    /// </summary>
    /// <param name="counters">Zero before the launch.</param>
    /// <param name="index">The counter of these groups.</param>
    /// <param name="groups">How many arrive.</param>
    public static bool IsMine(ArrayView<int> counters, int index, int groups)
    {
        ArrayView<int> arrived = SharedMemory.Allocate<int>(1);
        Group.Barrier();
        if (Group.IdxX == 0)
        {
            // The others' writes come before the arrival, and nothing that is read after it is older than theirs. The barriers carry
            // this thread's fences to the others: a fence of each of them would cost a microsecond.
            MemoryFence.DeviceLevel();
            arrived[0] = Atomic.Add(ref counters[index], 1);
            MemoryFence.DeviceLevel();
        }
        Group.Barrier();
        if (arrived[0] != groups - 1)
            return false;
        if (Group.IdxX == 0)
            counters[index] = 0;
        return true;
    }
}
