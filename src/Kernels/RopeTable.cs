namespace IlgpuDca.Kernels;

/// <summary>
/// Cosines and sines of rotary position embedding, computed in double: a GPU's own are good to 1e-3 only at large angles.
/// <code>angle(p, i) = p · base^(-2i / headSize);   row p holds cos(angle) of all i, then sin(angle)</code>
/// </summary>
public static class RopeTable
{
    /// <summary>A table [positions, headSize] float32.</summary>
    /// <param name="positions">Positions 0 to positions - 1.</param>
    /// <param name="headSize">Elements of a head; even.</param>
    /// <param name="theta">The base, rope_theta of config.json.</param>
    public static float[] Create(int positions, int headSize, double theta)
    {
        if (positions <= 0 || headSize <= 0 || headSize % 2 != 0 || !(theta > 0))
            throw new ArgumentException($"RopeTable: {positions} positions, head size {headSize}, base {theta}. The head size must be even, all above 0.");
        int half = headSize / 2;
        float[] table = new float[checked((long)positions * headSize)];
        double[] frequencies = new double[half];
        for (int i = 0; i < half; i++)
            frequencies[i] = Math.Pow(theta, -2.0 * i / headSize);
        Parallel.For(0, positions, p =>
        {
            long row = (long)p * headSize;
            for (int i = 0; i < half; i++)
            {
                (double sin, double cos) = Math.SinCos(p * frequencies[i]);
                table[row + i] = (float)cos;
                table[row + half + i] = (float)sin;
            }
        });
        return table;
    }
}
