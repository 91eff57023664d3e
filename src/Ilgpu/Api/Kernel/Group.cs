namespace ILGPU;

/// <summary>Where this thread stands in its group, and what the threads of a group do together.</summary>
public static class Group
{
    /// <summary>Index of this thread along x.</summary>
    public static int IdxX => throw InsideKernel.Only("Group.IdxX");

    /// <summary>Index of this thread along y.</summary>
    public static int IdxY => throw InsideKernel.Only("Group.IdxY");

    /// <summary>Index of this thread along z.</summary>
    public static int IdxZ => throw InsideKernel.Only("Group.IdxZ");

    /// <summary>Threads along x.</summary>
    public static int DimX => throw InsideKernel.Only("Group.DimX");

    /// <summary>Threads along y.</summary>
    public static int DimY => throw InsideKernel.Only("Group.DimY");

    /// <summary>Threads along z.</summary>
    public static int DimZ => throw InsideKernel.Only("Group.DimZ");

    /// <summary>Index of this thread.</summary>
    public static Index3D Index => new(IdxX, IdxY, IdxZ);

    /// <summary>Threads in the group.</summary>
    public static Index3D Dimension => new(DimX, DimY, DimZ);

    /// <summary>Index of this thread, x fastest.</summary>
    public static int LinearIndex => (IdxZ * DimY + IdxY) * DimX + IdxX;

    /// <summary>Whether this is thread 0 of its group.</summary>
    public static bool IsFirstThread => LinearIndex == 0;

    /// <summary>Whether this is the last thread of its group.</summary>
    public static bool IsLastThread => LinearIndex == DimX * DimY * DimZ - 1;

    /// <summary>Waits until every thread of the group is here; orders their memory accesses.</summary>
    public static void Barrier() => throw InsideKernel.Only("Group.Barrier");

    /// <summary>A barrier that counts the threads whose predicate is true.</summary>
    public static int BarrierPopCount(bool predicate) => throw InsideKernel.Only("Group.BarrierPopCount");

    /// <summary>A barrier that tells whether every predicate is true.</summary>
    public static bool BarrierAnd(bool predicate) => throw InsideKernel.Only("Group.BarrierAnd");

    /// <summary>A barrier that tells whether any predicate is true.</summary>
    public static bool BarrierOr(bool predicate) => throw InsideKernel.Only("Group.BarrierOr");

    /// <summary>One thread's value for the whole group. Holds two barriers: every thread must call it.</summary>
    /// <param name="value">The value; read from the named thread alone.</param>
    /// <param name="groupIndex">Linear index of that thread.</param>
    public static T Broadcast<T>(T value, int groupIndex)
        where T : unmanaged
    {
        ref T shared = ref SharedMemory.Allocate<T>();
        if (LinearIndex == groupIndex)
            shared = value;

        Barrier();
        T result = shared;
        Barrier();
        return result;
    }
}
