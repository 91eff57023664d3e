namespace ILGPU;

/// <summary>
/// The 32 threads that step together. Shuffles take part with all lanes: call them where the warp does not diverge.
/// </summary>
public static class Warp
{
    /// <summary>Lanes in a warp: 32.</summary>
    public static int WarpSize => throw InsideKernel.Only("Warp.WarpSize");

    /// <summary>This thread's lane.</summary>
    public static int LaneIdx => throw InsideKernel.Only("Warp.LaneIdx");

    /// <summary>This thread's warp in its group.</summary>
    public static int WarpIdx => throw InsideKernel.Only("Warp.WarpIdx");

    /// <summary>Whether this is lane 0.</summary>
    public static bool IsFirstLane => LaneIdx == 0;

    /// <summary>Whether this is the last lane.</summary>
    public static bool IsLastLane => LaneIdx == WarpSize - 1;

    /// <summary>The warp that a thread of a one-dimensional group belongs to.</summary>
    public static int ComputeWarpIdx(Index1D groupThreadIdx) => groupThreadIdx.X / WarpSize;

    /// <summary>The lane that a thread of a one-dimensional group has.</summary>
    public static int ComputeWarpThreadIdx(Index1D groupThreadIdx) => groupThreadIdx.X % WarpSize;

    /// <summary>Waits for the lanes of this warp; orders their memory accesses.</summary>
    public static void Barrier() => throw InsideKernel.Only("Warp.Barrier");

    /// <summary>The variable of another lane for the whole warp.</summary>
    public static T Broadcast<T>(T value, int laneIndex)
        where T : unmanaged =>
        throw InsideKernel.Only("Warp.Broadcast");

    /// <summary>The variable of lane sourceLane.</summary>
    public static T Shuffle<T>(T variable, int sourceLane)
        where T : unmanaged =>
        throw InsideKernel.Only("Warp.Shuffle");

    /// <summary>The variable of lane sourceLane, inside segments of width lanes.</summary>
    public static T Shuffle<T>(T variable, int sourceLane, int width)
        where T : unmanaged =>
        throw InsideKernel.Only("Warp.Shuffle");

    /// <summary>The variable of the lane delta above; the own one past the end.</summary>
    public static T ShuffleDown<T>(T variable, int delta)
        where T : unmanaged =>
        throw InsideKernel.Only("Warp.ShuffleDown");

    /// <summary>
    /// The variable of the lane delta above; the own one past the end, inside segments of width lanes.
    /// </summary>
    public static T ShuffleDown<T>(T variable, int delta, int width)
        where T : unmanaged =>
        throw InsideKernel.Only("Warp.ShuffleDown");

    /// <summary>The variable of the lane delta below; the own one before the start.</summary>
    public static T ShuffleUp<T>(T variable, int delta)
        where T : unmanaged =>
        throw InsideKernel.Only("Warp.ShuffleUp");

    /// <summary>
    /// The variable of the lane delta below; the own one before the start, inside segments of width lanes.
    /// </summary>
    public static T ShuffleUp<T>(T variable, int delta, int width)
        where T : unmanaged =>
        throw InsideKernel.Only("Warp.ShuffleUp");

    /// <summary>The variable of the lane whose number differs in the bits of mask.</summary>
    public static T ShuffleXor<T>(T variable, int mask)
        where T : unmanaged =>
        throw InsideKernel.Only("Warp.ShuffleXor");

    /// <summary>
    /// The variable of the lane whose number differs in the bits of mask, inside segments of width lanes.
    /// </summary>
    public static T ShuffleXor<T>(T variable, int mask, int width)
        where T : unmanaged =>
        throw InsideKernel.Only("Warp.ShuffleXor");
}
