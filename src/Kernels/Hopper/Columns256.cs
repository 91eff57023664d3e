namespace IlgpuDca.Kernels.Hopper;

/// <summary>For large products: the fewest operand bytes for each output.</summary>
readonly struct Columns256 : IMatMulTile
{
    public static int Columns => 256;

    public static int Stages => 4;

    public static int Boxes => 2;
}
