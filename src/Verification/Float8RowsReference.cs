using IlgpuDca.Kernels;

namespace IlgpuDca.Verification;

/// <summary>Activations rounded to 8-bit floats (E4M3) with a scale for each 128 neighbours, by the definitions.</summary>
sealed class Float8RowsReference
{
    public const int Block = 128;

    /// <summary>All numbers that are not negative, by their codes.</summary>
    static readonly double[] s_numbers = [.. Enumerable.Range(0, 127).Select(Number)];

    /// <param name="rows">Whole blocks.</param>
    public Float8RowsReference(BFloat16[] rows)
    {
        (Codes, Scales, Values) = (new byte[rows.Length], new float[rows.Length / Block], new double[rows.Length]);
        for (int block = 0; block < Scales.Length; block++)
        {
            ReadOnlySpan<BFloat16> own = rows.AsSpan(block * Block, Block);
            float largest = 0;
            foreach (BFloat16 value in own)
                largest = MathF.Max(largest, MathF.Abs(value.ToFloat()));
            bool isFinite = float.IsFinite(largest);
            float factor = largest > 1e-30f ? 448f / largest : 0f;
            Scales[block] = isFinite ? largest / 448f : float.NaN;
            for (int i = 0; i < Block; i++)
            {
                float scaled = own[i].ToFloat() * factor;
                Codes[block * Block + i] = isFinite ? Code(scaled) : (byte)0;
                Values[block * Block + i] = Number(Codes[block * Block + i]);
            }
        }
    }

    /// <summary>Codes; of blocks whose scale is NaN they are of no meaning.</summary>
    public byte[] Codes { get; }

    /// <summary>One for each block.</summary>
    public float[] Scales { get; }

    /// <summary>The codes' numbers.</summary>
    public double[] Values { get; }

    /// <summary>
    /// (-1)^sign · 2^(exponent - 7) · (1 + mantissa / 8), or 2^-6 · mantissa / 8 where the exponent is 0 (OCP 8-bit
    /// floating point, revision 1.0).
    /// </summary>
    public static double Number(int code)
    {
        int exponent = code >> 3 & 15, mantissa = code & 7;
        double magnitude = exponent == 0 ? Math.ScaleB(mantissa, -9) : Math.ScaleB(8 + mantissa, exponent - 10);
        return code < 128 ? magnitude : -magnitude;
    }

    /// <summary>The nearest code; of two as near the even one.</summary>
    static byte Code(float value)
    {
        double magnitude = Math.Abs((double)value);
        int best = 0;
        for (int code = 1; code < s_numbers.Length; code++)
        {
            double difference = Math.Abs(s_numbers[code] - magnitude) - Math.Abs(s_numbers[best] - magnitude);
            if (difference < 0 || difference == 0 && code % 2 == 0)
                best = code;
        }
        return (byte)(best | (float.IsNegative(value) ? 128 : 0));
    }
}
