using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime.Cuda;
using IlgpuDca.Kernels.Attention.Cache;

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
    /// <summary>The code of the largest number, 448; the one after it is NaN.</summary>
    const uint LargestCode = 0x7E;

    /// <summary>The bits of 2^-6, below which numbers are multiples of 2^-9, and of infinity.</summary>
    const uint SmallestNormalBits = 0x3C800000, InfinityBits = 0x7F800000;

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

    /// <summary>The numbers of a word's two lower codes as 16-bit floats, exactly. Compute capability 9.0.</summary>
    public static uint Halves(uint word)
    {
        if (CudaAsm.IsSupported)
        {
            CudaAsm.Emit("cvt.rn.f16x2.e4m3x2 %0, %1;", out uint halves, (ushort)word);
            return halves;
        }
        return HalfPair.Pack(Value(word, 0), Value(word, 1));
    }

    /// <summary>The nearest code, ties to even, at most the largest number's.</summary>
    public static uint Code(float value)
    {
        uint bits = Interop.FloatAsInt(value), sign = (bits >> 24) & 0x80u, magnitude = bits & 0x7FFFFFFFu;
        uint normal = ((magnitude + 0x7FFFFu + ((magnitude >> 20) & 1u)) >> 20) - (120u << 3);
        uint code = magnitude < SmallestNormalBits ? (uint)Rounded.ToInt(Interop.IntAsFloat(magnitude) * 512f)
            : IntrinsicMath.Min(normal, LargestCode);
        return sign | code;
    }

    /// <summary>The codes of four numbers, the first in the lowest byte; that of NaN is NaN. Compute capability 9.0.</summary>
    public static uint Pack(float a, float b, float c, float d)
    {
        if (CudaAsm.IsSupported)
        {
            CudaAsm.Emit("cvt.rn.satfinite.e4m3x2.f32 %0, %2, %1;", out ushort low, a, b);
            CudaAsm.Emit("cvt.rn.satfinite.e4m3x2.f32 %0, %2, %1;", out ushort high, c, d);
            return low | (uint)high << 16;
        }
        return CodeOrNaN(a) | CodeOrNaN(b) << 8 | CodeOrNaN(c) << 16 | CodeOrNaN(d) << 24;
    }

    static uint CodeOrNaN(float value) =>
        (Interop.FloatAsInt(value) & 0x7FFFFFFFu) > InfinityBits ? LargestCode + 1 : Code(value);

    /// <summary>The code in the highest byte: the shift spreads the sign, of which one bit is kept.</summary>
    static float Placed(uint word) => Interop.IntAsFloat((uint)((int)word >> 4) & 0x87F00000u);
}
