using ILGPU;

namespace IlgpuDca.Kernels.Attention;

/// <summary>Memory that decoding groups hand their parts over in.</summary>
/// <param name="Partial">[MaxSplits, heads, headSize] weighted sums, then [MaxSplits, heads, 2]: the largest exponent and the sum of
/// weights.</param>
/// <param name="Arrivals">[heads]: groups that are done, zero between launches.</param>
public readonly record struct DecodingScratch(ArrayView<float> Partial, ArrayView<int> Arrivals)
{
    /// <summary>Most parts that a text is cut into for each head.</summary>
    public const int MaxSplits = 128;

    /// <summary>Where a part's sums of a head start.</summary>
    public static long Sums(int part, int head, int heads, int headSize) => ((long)part * heads + head) * headSize;

    /// <summary>Where a part's exponent of a head is; its sum of weights follows.</summary>
    public static long Exponent(int part, int head, int heads, int headSize) =>
        (long)MaxSplits * heads * headSize + ((long)part * heads + head) * 2;

    /// <summary>Floats of <see cref="Partial"/> for texts of any length.</summary>
    public static long PartialElements(int heads, int headSize) => (long)MaxSplits * heads * (headSize + 2);
}
