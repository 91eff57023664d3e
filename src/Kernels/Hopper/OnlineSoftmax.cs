using ILGPU;
using ILGPU.Algorithms;
using IlgpuDca.Kernels.Attention;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>
/// The running softmax of a thread's two rows of scores (arXiv 1805.02867), powers of two instead of e. Lanes 4g to 4g + 3 share the
/// rows; maxima are theirs together, totals each lane's own until <see cref="Total"/>.
/// </summary>
struct OnlineSoftmax
{
    public float MaxUpper;
    public float MaxLower;
    public float TotalUpper;
    public float TotalLower;

    public static OnlineSoftmax Start() => new() { MaxUpper = float.NegativeInfinity, MaxLower = float.NegativeInfinity };

    /// <summary>Makes weights 2^(scale · (score - maximum)) of scores, in place.</summary>
    /// <param name="scores">As <c>Wgmma</c> lays sums out: 4 for each 8 keys.</param>
    /// <param name="count">How many.</param>
    /// <param name="scale">What scores are multiplied by, times log2(e).</param>
    /// <param name="factorUpper">What earlier weights of the upper row shrink by.</param>
    /// <param name="factorLower">The same for the lower row.</param>
    public void Update(ArrayView<float> scores, int count, float scale, out float factorUpper, out float factorLower)
    {
        float upper0 = MaxUpper, upper1 = scores[1], lower0 = MaxLower, lower1 = scores[3];
        for (int k = 0; k < count; k += 4)
        {
            upper0 = XMath.Max(upper0, scores[k]);
            upper1 = XMath.Max(upper1, scores[k + 1]);
            lower0 = XMath.Max(lower0, scores[k + 2]);
            lower1 = XMath.Max(lower1, scores[k + 3]);
        }
        float upper = OfQuad(XMath.Max(upper0, upper1)), lower = OfQuad(XMath.Max(lower0, lower1));
        factorUpper = PowerOfTwo.Of((MaxUpper - upper) * scale);
        factorLower = PowerOfTwo.Of((MaxLower - lower) * scale);
        MaxUpper = upper;
        MaxLower = lower;

        float shiftUpper = upper * scale, shiftLower = lower * scale;
        float sumUpper0 = 0f, sumUpper1 = 0f, sumLower0 = 0f, sumLower1 = 0f;
        for (int k = 0; k < count; k += 4)
        {
            scores[k] = PowerOfTwo.Of(scores[k] * scale - shiftUpper);
            scores[k + 1] = PowerOfTwo.Of(scores[k + 1] * scale - shiftUpper);
            scores[k + 2] = PowerOfTwo.Of(scores[k + 2] * scale - shiftLower);
            scores[k + 3] = PowerOfTwo.Of(scores[k + 3] * scale - shiftLower);
            sumUpper0 += scores[k];
            sumUpper1 += scores[k + 1];
            sumLower0 += scores[k + 2];
            sumLower1 += scores[k + 3];
        }
        TotalUpper = TotalUpper * factorUpper + (sumUpper0 + sumUpper1);
        TotalLower = TotalLower * factorLower + (sumLower0 + sumLower1);
    }

    /// <summary>A row's total over the four lanes that share it.</summary>
    public static float Total(float part)
    {
        part += Warp.ShuffleXor(part, 1);
        return part + Warp.ShuffleXor(part, 2);
    }

    static float OfQuad(float value)
    {
        value = XMath.Max(value, Warp.ShuffleXor(value, 1));
        return XMath.Max(value, Warp.ShuffleXor(value, 2));
    }
}
