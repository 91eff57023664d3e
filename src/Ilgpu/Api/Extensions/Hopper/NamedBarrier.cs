using ILGPU;

namespace IlgpuDca.Ilgpu.Extensions;

/// <summary>Barriers of some of a group's warps. Identifier 0 is <see cref="Group.Barrier"/>'s; 1 to 15 are free.</summary>
public static class NamedBarrier
{
    /// <summary>Waits until so many threads have come, this one's warp included.</summary>
    /// <param name="identifier">1 to 15.</param>
    /// <param name="threads">A multiple of 32.</param>
    public static void Sync(int identifier, int threads) => throw InsideKernel.Only("NamedBarrier.Sync");

    /// <summary>Comes without waiting.</summary>
    public static void Arrive(int identifier, int threads) => throw InsideKernel.Only("NamedBarrier.Arrive");
}
