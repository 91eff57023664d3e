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

/// <summary>For large products: the fewest operand bytes for each output.</summary>
readonly struct Columns256 : IMatMulTile
{
    public static int Columns => 256;

    public static int Stages => 4;

    public static int Boxes => 2;
}

/// <summary>Where 256 columns leave multiprocessors idle.</summary>
readonly struct Columns192 : IMatMulTile
{
    public static int Columns => 192;

    public static int Stages => 4;

    public static int Boxes => 3;
}

/// <summary>For small products.</summary>
readonly struct Columns128 : IMatMulTile
{
    public static int Columns => 128;

    public static int Stages => 5;

    public static int Boxes => 2;
}
