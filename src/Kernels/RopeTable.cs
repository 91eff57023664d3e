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
    public static float[] Create(int positions, int headSize, double theta) =>
        Create(positions, theta > 0 ? [.. Enumerable.Range(0, Math.Max(headSize, 0) / 2).Select(i => Math.Pow(theta, -2.0 * i / headSize))]
            : throw new ArgumentException($"RopeTable: the base is {theta}; it must be above 0."));

    /// <summary>A table [positions, 2 · frequencies] float32 of any frequencies.</summary>
    /// <param name="positions">Positions 0 to positions - 1.</param>
    /// <param name="frequencies">Radians per position, one for each pair of a head's elements.</param>
    public static float[] Create(int positions, IReadOnlyList<double> frequencies)
    {
        int half = frequencies.Count, headSize = 2 * half;
        if (positions <= 0 || half == 0)
            throw new ArgumentException($"RopeTable: {positions} positions and {half} frequencies; there must be some of both.");
        float[] table = new float[checked((long)positions * headSize)];
        double[] radians = [.. frequencies];
        Parallel.For(0, positions, p =>
        {
            long row = (long)p * headSize;
            for (int i = 0; i < half; i++)
            {
                (double sin, double cos) = Math.SinCos(p * radians[i]);
                table[row + i] = (float)cos;
                table[row + half + i] = (float)sin;
            }
        });
        return table;
    }
}
