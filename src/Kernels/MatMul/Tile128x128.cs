namespace IlgpuDca.Kernels.MatMul;

/// <summary>
/// 128 × 128 outputs by 4 warps: 64 KiB of shared memory, two groups on a multiprocessor where it has 128; 48 KiB under
/// the ILGPU package.
/// </summary>
public readonly struct Tile128x128 : ITensorCoreTile
{
    public static int Columns => 128;

    public static int Step => 32;

#if ILGPU_PACKAGE
    public static int Stages => 3;
#else
    public static int Stages => 4;
#endif
}
