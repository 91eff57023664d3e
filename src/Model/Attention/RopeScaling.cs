using IlgpuDca.Loader;

namespace IlgpuDca.Model.Attention;

/// <summary>
/// The frequencies of rotary position embedding for a text, decided once from its final length, and the temperature that goes with
/// them. With d the head size and f the factor:
/// <code>
/// plain     w(i) = theta^(-2i / d)
/// linear    w(i) / f                                     (arXiv 2306.15595)
/// ntk       theta · f^(d / (d - 2)) in theta's place
/// dynamic   as ntk, with f · length / trained - (f - 1) for f beyond the trained length
/// yarn      w(i) / f where the wave turns less than beta_slow times over the trained length, w(i) where it turns beta_fast times,
///           a ramp over i between; rotated queries and keys times 0.1 ln f + 1                (arXiv 2309.00071)
/// llama3    w(i) / f for waves longer than original / low, w(i) for shorter than original / high, a ramp over 1 / wave between
/// </code>
/// </summary>
/// <param name="Frequencies">[head size / 2]: radians per token.</param>
/// <param name="Temperature">What scores are multiplied by: the square of YaRN's factor, else 1.</param>
public sealed record RopeScaling(IReadOnlyList<double> Frequencies, double Temperature)
{
    /// <summary>Decides for a text.</summary>
    /// <param name="rope">The parameters.</param>
    /// <param name="headSize">Elements of a head.</param>
    /// <param name="trained">The trained length, in tokens.</param>
    /// <param name="finalTokens">The text's final length.</param>
    public static RopeScaling For(RopeParameters rope, int headSize, int trained, int finalTokens)
    {
        double factor = rope.Factor;
        switch (rope.Kind)
        {
            case RopeKind.Linear:
                return new([.. Plain(rope.Theta, headSize).Select(frequency => frequency / factor)], 1);
            case RopeKind.Ntk:
                return new(Plain(Stretched(rope.Theta, factor, headSize), headSize), 1);
            case RopeKind.Dynamic:
                double length = Math.Max(finalTokens, trained);
                return new(Plain(Stretched(rope.Theta, factor * length / trained - (factor - 1), headSize), headSize), 1);
            case RopeKind.Yarn:
                double attention = rope.AttentionFactor ?? (factor > 1 ? 0.1 * Math.Log(factor) + 1 : 1);
                return new(Yarn(rope, headSize, rope.OriginalLength ?? trained), attention * attention);
            case RopeKind.Llama3:
                return new(Llama3(rope, headSize, rope.OriginalLength ?? trained), 1);
            default:
                return new(Plain(rope.Theta, headSize), 1);
        }
    }

    static double[] Plain(double theta, int headSize) =>
        [.. Enumerable.Range(0, headSize / 2).Select(i => Math.Pow(theta, -2.0 * i / headSize))];

    static double Stretched(double theta, double factor, int headSize) =>
        theta * Math.Pow(factor, headSize / (headSize - 2.0));

    static double[] Yarn(RopeParameters rope, int headSize, int original)
    {
        double[] frequencies = Plain(rope.Theta, headSize);
        double low = Dimension(rope.BetaFast), high = Dimension(rope.BetaSlow);
        if (rope.Truncate)
            (low, high) = (Math.Floor(low), Math.Ceiling(high));
        (low, high) = (Math.Max(low, 0), Math.Min(high, headSize - 1));
        double width = high == low ? 1e-3 : high - low;
        for (int i = 0; i < frequencies.Length; i++)
        {
            double divided = Math.Clamp((i - low) / width, 0, 1);
            frequencies[i] *= divided / rope.Factor + (1 - divided);
        }
        return frequencies;

        // The pair whose wave turns so many times over the original length.
        double Dimension(double turns) => headSize * Math.Log(original / (turns * 2 * Math.PI)) / (2 * Math.Log(rope.Theta));
    }

    static double[] Llama3(RopeParameters rope, int headSize, int original)
    {
        double[] frequencies = Plain(rope.Theta, headSize);
        for (int i = 0; i < frequencies.Length; i++)
        {
            double turns = original * frequencies[i] / (2 * Math.PI);
            double kept = Math.Clamp((turns - rope.LowFrequencyFactor) / (rope.HighFrequencyFactor - rope.LowFrequencyFactor), 0, 1);
            frequencies[i] *= (1 - kept) / rope.Factor + kept;
        }
        return frequencies;
    }
}
