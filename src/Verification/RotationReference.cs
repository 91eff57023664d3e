namespace IlgpuDca.Verification;

/// <summary>Rotary embedding in double precision.</summary>
static class RotationReference
{
    /// <summary>The base of the angles in all checks.</summary>
    public const double Theta = 10_000;

    /// <summary>Frequency of a pair: theta^(-2i / headSize).</summary>
    public static double Frequency(int pair, int headSize) => Math.Exp(-2.0 * pair / headSize * Math.Log(Theta));

    /// <summary>A head turned by a position: the pairs (i, i + half) by position · frequency.</summary>
    public static double[] Rotate(ReadOnlySpan<double> head, int position)
    {
        int half = head.Length / 2;
        double[] rotated = new double[head.Length];
        for (int i = 0; i < half; i++)
        {
            (double sin, double cos) = Math.SinCos(position * Frequency(i, head.Length));
            rotated[i] = head[i] * cos - head[i + half] * sin;
            rotated[i + half] = head[i + half] * cos + head[i] * sin;
        }
        return rotated;
    }

    /// <summary>The same of a head in float32.</summary>
    public static double[] Rotate(ReadOnlySpan<float> head, int position) =>
        Rotate(Array.ConvertAll(head.ToArray(), value => (double)value), position);
}
