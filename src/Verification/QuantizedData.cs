using IlgpuDca.Kernels.Quantization;
using Half = ILGPU.Half;

namespace IlgpuDca.Verification;

/// <summary>Random codes and scales with the weights that they stand for, in double.</summary>
sealed class QuantizedData
{
    public QuantizedData(Inputs inputs, QuantizedLayout layout, int rows, int inner)
    {
        (Layout, Rows, Inner) = (layout, rows, inner);
        int weights = rows * inner, groups = weights / layout.Group;
        int[] codes = inputs.Integers(weights, 1 << layout.Bits);
        float[] scales = inputs.Normal(groups, 0.01, 0.03), offsets = inputs.Normal(groups, 0.1);
        byte[] bytes = new byte[layout.CodeBytes(weights)];
        Scales = new Half[layout.ScaleCount(weights)];
        Weights = new double[weights];
        Magnitudes = new double[weights];
        for (int g = 0; g < groups; g++)
        {
            int at = g * layout.GroupHalves;
            if (layout.IsFloat8)
            {
                System.Runtime.InteropServices.MemoryMarshal.Cast<Half, float>(Scales.AsSpan(at, 2))[0] = scales[g];
                continue;
            }
            Scales[at] = (Half)scales[g];
            if (layout.HasOffset)
                Scales[at + 1] = (Half)offsets[g];
        }
        for (int i = 0; i < weights; i++)
        {
            int group = i / layout.Group;
            if (layout.IsFloat8)
            {
                // The two codes of NaN become zeros.
                bytes[i] = (byte)(codes[i] % 128 == 127 ? codes[i] - 127 : codes[i]);
                Weights[i] = Float8(bytes[i]) * scales[group];
                Magnitudes[i] = Math.Abs(Weights[i]);
                continue;
            }
            double scale = (float)Scales[group * layout.GroupHalves];
            double offset = layout.HasOffset ? (float)Scales[2 * group + 1] : layout.Bits == 4 ? -8 * scale : 0;
            int code = layout.Bits == 4 ? codes[i] : codes[i] - 128;
            Weights[i] = scale * code + offset;
            Magnitudes[i] = Math.Abs(scale * code) + Math.Abs(offset);
            if (layout.Bits == 8)
                bytes[i] = (byte)(sbyte)code;
            else
                bytes[i / 8 * 4 + i % 4] |= (byte)(code << (i % 8 < 4 ? 0 : 4));
        }
        Codes = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, CodePack>(bytes).ToArray();
    }

    public QuantizedLayout Layout { get; }

    public int Rows { get; }

    public int Inner { get; }

    public CodePack[] Codes { get; }

    public Half[] Scales { get; }

    /// <summary>[rows, inner].</summary>
    public double[] Weights { get; }

    /// <summary>|scale · code| + |offset| of each: what rounding errors grow with.</summary>
    public double[] Magnitudes { get; }

    /// <summary>Neighbours of a row of activations that share a scale where it is read as integers.</summary>
    public const int IntegerBlock = 32;

    /// <summary>
    /// How far an integer of 16 bits may be from what it stands for: half a step, and the rounding of the product that
    /// is rounded to it.
    /// </summary>
    /// <param name="block">Activations that share a scale.</param>
    /// <param name="errors">How far the ones that the kernel has may be off; empty: they are exact.</param>
    public static double Step(ReadOnlySpan<double> block, ReadOnlySpan<double> errors = default)
    {
        double largest = 0;
        for (int i = 0; i < block.Length; i++)
            largest = Math.Max(largest, Math.Abs(block[i]) + (errors.IsEmpty ? 0 : errors[i]));
        return largest / 32767 * (0.5 + 32767 * 2 * Tolerance.U);
    }

    /// <summary>
    /// Relative error of a sum: a lane's packs one after the other, then five steps over the lanes; a few roundings in
    /// each pack, and 16 more where the products of codes are added up as floats.
    /// </summary>
    /// <param name="terms">Weights that it goes over.</param>
    public double Gamma(int terms) => Tolerance.Gamma(terms / Layout.PackWeights / 32 + (Layout.IsFloat8 ? 32 : 16));

    /// <summary>
    /// How far unpacked weights may be off: one product and one sum, each rounded; then the storage type.
    /// </summary>
    public double[] UnpackingErrors<T>() => [.. Weights.Zip(Magnitudes, (value, magnitude) =>
        Tolerance.Storage<T>(value, magnitude * Tolerance.Gamma(2)))];

    /// <summary>The product with a row, and how far a kernel may be off that multiplies codes.</summary>
    public (double[] Values, double[] Limits) Product(double[] a)
    {
        MatrixReference reference = MatrixReference.Codes(this, Inner);
        double[] values = new double[Rows], limits = new double[Rows], exact = new double[Inner];
        for (int row = 0; row < Rows; row++)
            (values[row], limits[row]) = reference.Product(row, a, exact);
        return (values, limits);
    }

    /// <summary>
    /// The number of an E4M3 code by its definition: (-1)^sign · 2^(exponent - 7) · (1 + mantissa / 8), or 2^-6 ·
    /// mantissa / 8 where the exponent is 0.
    /// </summary>
    static double Float8(int code)
    {
        int exponent = code / 8 % 16, mantissa = code % 8;
        double magnitude = exponent == 0 ? Math.ScaleB(mantissa / 8.0, -6) : Math.ScaleB(1 + mantissa / 8.0,
            exponent - 7);
        return code < 128 ? magnitude : -magnitude;
    }
}
