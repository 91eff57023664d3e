using ILGPU;

namespace IlgpuDca.Kernels.Attention;

/// <summary>Memory that decoding groups hand their parts over in.</summary>
/// <param name="Partial">Floats, <see cref="PartialElements"/> of them.</param>
/// <param name="Arrivals">[heads]: groups that are done, zero between launches.</param>
public readonly record struct DecodingScratch(ArrayView<float> Partial, ArrayView<int> Arrivals)
{
    /// <summary>Most parts that a text is cut into for each head.</summary>
    public const int MaxSplits = 128;

    /// <summary>Floats of <see cref="Partial"/> for texts of any length.</summary>
    public static long PartialElements(int heads, int headSize) => (long)MaxSplits * heads * (headSize + 2);
}
