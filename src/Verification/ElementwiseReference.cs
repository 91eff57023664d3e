namespace IlgpuDca.Verification;

/// <summary>Norm, activation and likelihood in double precision.</summary>
static class ElementwiseReference
{
    /// <summary>y[c] = x[c] / sqrt(mean x² + epsilon) · gain[c] for one row.</summary>
    public static double[] RmsNorm(ReadOnlySpan<float> row, float[] gain, float epsilon)
    {
        double squares = 0;
        foreach (float value in row)
            squares += (double)value * value;
        double divisor = Math.Sqrt(squares / row.Length + epsilon);
        double[] y = new double[row.Length];
        for (int c = 0; c < y.Length; c++)
            y[c] = row[c] / divisor * gain[c];
        return y;
    }

    /// <summary>gate / (1 + e^-gate) · up.</summary>
    public static double SwiGlu(double gate, double up) => gate / (1 + Math.Exp(-gate)) * up;
}
