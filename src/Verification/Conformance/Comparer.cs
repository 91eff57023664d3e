namespace IlgpuDca.Verification.Conformance;

/// <summary>Compares a kernel's results with the expected ones.</summary>
static class Comparer
{
    /// <summary>Every bit must agree; a NaN agrees with every NaN, for its payload is the processor's affair.</summary>
    /// <param name="name">The kernel, for the message.</param>
    /// <param name="expected">By C#, or by hand.</param>
    /// <param name="actual">From the accelerator.</param>
    /// <param name="describe">The arguments of result k, for the message.</param>
    public static void Same<T>(string name, T[] expected, T[] actual, Func<int, string> describe)
    {
        for (int k = 0; k < expected.Length; k++)
            if (!SameBits(expected[k], actual[k]))
                throw new ConformanceException(
                    $"{name}: result {k} of ({describe(k)}) is {Show(actual[k])}, and C# gives {Show(expected[k])}.");
    }

    /// <summary>The error may reach a limit for each argument; NaN fails.</summary>
    public static void Near(string name, float[] arguments, float[] actual, Func<double, double> exact, Func<double, double> limit)
    {
        for (int k = 0; k < arguments.Length; k++)
        {
            double expected = exact(arguments[k]), error = Math.Abs(actual[k] - expected);
            if (!(error <= limit(arguments[k])))
                throw new ConformanceException($"{name}({arguments[k]:R}) is {actual[k]:R}, expected {expected:R}; "
                    + $"the error is {error:g3}, the limit {limit(arguments[k]):g3}.");
        }
    }

    static bool SameBits<T>(T a, T b) => (a, b) switch
    {
        (float x, float y) => float.IsNaN(x) && float.IsNaN(y)
            || BitConverter.SingleToInt32Bits(x) == BitConverter.SingleToInt32Bits(y),
        (double x, double y) => double.IsNaN(x) && double.IsNaN(y)
            || BitConverter.DoubleToInt64Bits(x) == BitConverter.DoubleToInt64Bits(y),
        _ => EqualityComparer<T>.Default.Equals(a, b),
    };

    static string Show<T>(T value) => value switch
    {
        float x => $"{x:R} (0x{BitConverter.SingleToInt32Bits(x):x8})",
        double x => $"{x:R} (0x{BitConverter.DoubleToInt64Bits(x):x16})",
        _ => $"{value}",
    };
}
