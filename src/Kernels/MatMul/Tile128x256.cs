namespace IlgpuDca.Kernels.MatMul;

/// <summary>
/// 128 × 256 outputs by 8 warps, for large products: 96 KiB of shared memory, a group on each multiprocessor.
/// </summary>
public readonly struct Tile128x256 : ITensorCoreTile
{
    public static int Columns => 256;

    public static int Step => 32;

    public static int Stages => 4;
}
