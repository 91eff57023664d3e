using ILGPU;

namespace IlgpuDca.Kernels.Sampling;

/// <summary>What a text's sampling reads and writes on the device.</summary>
/// <param name="History">Ids of the text; the drawn one is put behind the last.</param>
/// <param name="Position">[1]: the place of the last token in History; moves to the drawn one.</param>
/// <param name="Ring">Takes the drawn id too, at its place modulo the ring's length, where a host can read it; may be empty.</param>
/// <param name="Words">Scratch of <see cref="WordCount"/> words, zero before the first draw.</param>
/// <param name="Arrivals">[1]: zero before the first draw.</param>
public readonly record struct SamplerState(ArrayView<int> History, ArrayView<int> Position, ArrayView<int> Ring, ArrayView<ulong> Words, ArrayView<int> Arrivals)
{
    /// <summary>Most groups of a launch.</summary>
    internal const int MaxGroups = 128;

    /// <summary>Sums of a radix pass, one for each value of 8 bits; zero between launches.</summary>
    internal const int Histogram = 0;

    /// <summary>The weight of each group's tokens.</summary>
    internal const int Parts = 256;

    /// <summary>The largest (key, token) so far; zero between draws.</summary>
    internal const int Best = Parts + MaxGroups;

    /// <summary>The bits of the wanted key that earlier passes found.</summary>
    internal const int Prefix = Best + 1;

    /// <summary>What is still wanted of the tokens that share them.</summary>
    internal const int Wanted = Prefix + 1;

    /// <summary>Tokens with smaller keys are out; zero between draws.</summary>
    internal const int Threshold = Wanted + 1;

    /// <summary>Words of scratch.</summary>
    public const int WordCount = Threshold + 1;
}
