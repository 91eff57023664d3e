namespace IlgpuDca.Kernels.MatMul;

/// <summary>128 × 128 outputs by 4 warps: 48 KiB of shared memory, which every device has, two groups on a multiprocessor.</summary>
public readonly struct Tile128x128 : ITensorCoreTile
{
    public static int Columns => 128;

    public static int Step => 32;

    public static int Stages => 3;
}
