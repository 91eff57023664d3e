namespace IlgpuDca.Kernels.Hopper;

/// <summary>Where 256 columns leave multiprocessors idle.</summary>
readonly struct Columns192 : IMatMulTile
{
    public static int Columns => 192;

    public static int Stages => 4;

    public static int Boxes => 3;
}
