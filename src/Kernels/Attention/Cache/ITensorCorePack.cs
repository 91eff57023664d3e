using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Attention.Cache;

/// <summary>Eight elements that tensor cores can take.</summary>
/// <typeparam name="TPack">The struct itself.</typeparam>
public interface ITensorCorePack<TPack> : ICachePack<TPack>
    where TPack : unmanaged
{
    /// <summary>
    /// All elements without their row's scale, as tensor cores multiply them: bfloat16 of a pack without scales, else 16-bit IEEE
    /// floats, which codes become in fewer instructions. Both hold each exactly. They come in the order that <see cref="ElementAt"/> says.
    /// </summary>
    BFloat16x8 Codes();

    /// <summary>Which element is at a place of <see cref="Codes"/>; the place is best a constant.</summary>
    int ElementAt(int place);

    /// <summary>All elements times their row's scale, rounded to bfloat16 once; of a pack without scales, the pack.</summary>
    BFloat16x8 Values(float scale);
}
