namespace IlgpuDca.Kernels.MatMul;

/// <summary>Sizes of <see cref="MatMulVector{TPack, TOut, TEpilogue}"/> that don't depend on its types.</summary>
public static class MatMulVector
{
    /// <summary>Most rows of a: each has a sum for every column of a warp in every thread.</summary>
    public const int MaxRows = 8;
}
