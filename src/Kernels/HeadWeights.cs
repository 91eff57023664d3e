using ILGPU;

namespace IlgpuDca.Kernels;

/// <summary>
/// What some architectures have between attention's projection and its rotation: biases, and an RMSNorm of each head's query and key.
/// Passed to kernels by value.
/// </summary>
/// <param name="bias">[(heads + 2 kvHeads) · headSize]; empty: none.</param>
/// <param name="gains">[2, headSize], of queries and of keys; empty: no norms.</param>
/// <param name="epsilon">rms_norm_eps of config.json.</param>
public readonly struct HeadWeights(ArrayView<float> bias, ArrayView<float> gains, float epsilon)
{
    public readonly ArrayView<float> Bias = bias;
    public readonly ArrayView<float> Gains = gains;
    public readonly float Epsilon = epsilon;

    /// <summary>Throws where the weights don't fit heads.</summary>
    /// <param name="heads">Of query, key and value together.</param>
    /// <param name="headSize">Elements of each.</param>
    /// <exception cref="ArgumentException">Says what was found and what was expected.</exception>
    public void Check(int heads, int headSize)
    {
        long width = (long)heads * headSize;
        if (Bias.Length != 0 && Bias.Length != width || Gains.Length != 0 && Gains.Length != 2 * headSize)
            throw new ArgumentException($"HeadWeights: {Bias.Length} biases and {Gains.Length} gains; {heads} heads of {headSize} need "
                + $"{width} or none, {2 * headSize} or none.");
    }
}
