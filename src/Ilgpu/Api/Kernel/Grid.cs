namespace ILGPU;

/// <summary>Where this thread's group stands in the launched grid. Sizes are in groups.</summary>
public static class Grid
{
    /// <summary>Index of this group along x.</summary>
    public static int IdxX => throw InsideKernel.Only("Grid.IdxX");

    /// <summary>Index of this group along y.</summary>
    public static int IdxY => throw InsideKernel.Only("Grid.IdxY");

    /// <summary>Index of this group along z.</summary>
    public static int IdxZ => throw InsideKernel.Only("Grid.IdxZ");

    /// <summary>Groups along x.</summary>
    public static int DimX => throw InsideKernel.Only("Grid.DimX");

    /// <summary>Groups along y.</summary>
    public static int DimY => throw InsideKernel.Only("Grid.DimY");

    /// <summary>Groups along z.</summary>
    public static int DimZ => throw InsideKernel.Only("Grid.DimZ");

    /// <summary>Index of this group.</summary>
    public static Index3D Index => new(IdxX, IdxY, IdxZ);

    /// <summary>Groups in the grid.</summary>
    public static Index3D Dimension => new(DimX, DimY, DimZ);

    /// <summary>Index of this group, x fastest.</summary>
    public static int LinearIndex => (IdxZ * DimY + IdxY) * DimX + IdxX;

    /// <summary>Index of this thread in the whole grid: group by group, x fastest in each.</summary>
    public static int GlobalLinearIndex => LinearIndex * (Group.DimX * Group.DimY * Group.DimZ) + Group.LinearIndex;

    /// <summary>Index of this thread along each axis of the whole grid.</summary>
    public static Index3D GlobalIndex => new(
        IdxX * Group.DimX + Group.IdxX,
        IdxY * Group.DimY + Group.IdxY,
        IdxZ * Group.DimZ + Group.IdxZ);

    /// <summary>The same in 64 bits.</summary>
    public static LongIndex3D LongGlobalIndex => new(
        (long)IdxX * Group.DimX + Group.IdxX,
        (long)IdxY * Group.DimY + Group.IdxY,
        (long)IdxZ * Group.DimZ + Group.IdxZ);
}
