using ILGPU;

namespace IlgpuDca.Kernels.Quantization;

/// <summary>
/// Codes that are 8-bit floats, E4M3 (OCP 8-bit floating point, revision 1.0): a sign, an exponent with the bias 7,
/// three bits of mantissa.
/// </summary>
/// <remarks>
/// Put into float32's places a code is its number times 2^-120, numbers below 2^-6 included. So that products with it
/// don't fall below what float32 holds, what it meets is <see cref="Raised"/> before and the sum <see cref="Lowered"/>
/// after, both exactly: up to 2^67 and down to 2^-66 a product loses nothing. The code of NaN isn't known here; its
/// group's scale is NaN.
/// </remarks>
static class Float8
{
    /// <summary>2^120.</summary>
    const float Bias = 1.329228e36f;

    /// <summary>2^60, its root.</summary>
    const float BiasRoot = 1152921504606846976f;

    /// <summary>A number for products with codes.</summary>
    public static float Raised(float value) => value * BiasRoot;

    /// <summary>A sum of such products as it is meant.</summary>
    public static float Lowered(float sum) => sum * BiasRoot;

    /// <summary>The number of a word's code, the first in the lowest byte.</summary>
    public static float Value(uint word, int index) => Placed(word << (24 - 8 * index)) * Bias;

    /// <summary>sum + the products of a word's four codes with four raised numbers.</summary>
    /// <param name="word">The first code in the lowest byte.</param>
    /// <param name="raised">Holds the numbers.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="sum">What is added to.</param>
    public static float Dot(uint word, ArrayView<float> raised, int first, float sum)
    {
        for (int i = 0; i < 4; i++)
            sum = Placed(word << (24 - 8 * i)) * raised[first + i] + sum;
        return sum;
    }

    /// <summary>The code in the highest byte: the shift spreads the sign, of which one bit is kept.</summary>
    static float Placed(uint word) => Interop.IntAsFloat((uint)((int)word >> 4) & 0x87F00000u);
}
