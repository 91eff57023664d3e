namespace IlgpuDca.Kernels.Hopper;

/// <summary>The sizes of <see cref="MatMulHopper"/>'s tiles: constants that its kernels are compiled for.</summary>
interface IMatMulTile
{
    /// <summary>Columns of an output tile: 64 to 256 in steps of 64.</summary>
    static abstract int Columns { get; }

    /// <summary>Stages of operands in shared memory.</summary>
    static abstract int Stages { get; }

    /// <summary>Boxes of 8 KiB that a warpgroup writes at once.</summary>
    static abstract int Boxes { get; }
}
