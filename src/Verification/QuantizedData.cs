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
            int at = layout.HasOffset ? 2 * g : g;
            Scales[at] = (Half)scales[g];
            if (layout.HasOffset)
                Scales[at + 1] = (Half)offsets[g];
        }
        for (int i = 0; i < weights; i++)
        {
            int group = i / layout.Group;
            double scale = (float)Scales[layout.HasOffset ? 2 * group : group];
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

    /// <summary>The product with a row, and how far a kernel may be off that reads the row as integers of 16 bits.</summary>
    public (double[] Values, double[] Limits) Product(double[] a)
    {
        double[] values = new double[Rows], limits = new double[Rows];
        // A lane's groups one after the other, then five steps over the lanes; a few roundings in each group.
        double gamma = Tolerance.Gamma(Inner / Layout.PackWeights / 32 + 16);
        for (int row = 0; row < Rows; row++)
            for (int k = 0; k < Inner; k++)
            {
                double largest = 0;
                for (int i = k / 32 * 32; i < k / 32 * 32 + 32; i++)
                    largest = Math.Max(largest, Math.Abs(a[i]));
                // Half a step, and the rounding of the product that is rounded to it.
                double step = largest / 32767 * (0.5 + 32767 * 2 * Tolerance.U);
                values[row] += Weights[row * Inner + k] * a[k];
                limits[row] += Magnitudes[row * Inner + k] * (step + (Math.Abs(a[k]) + step) * gamma);
            }
        return (values, limits);
    }
}
