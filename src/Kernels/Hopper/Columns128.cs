namespace IlgpuDca.Kernels.Hopper;

/// <summary>For small products.</summary>
readonly struct Columns128 : IMatMulTile
{
    public static int Columns => 128;

    public static int Stages => 5;

    public static int Boxes => 2;
}
