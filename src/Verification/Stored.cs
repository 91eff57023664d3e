using IlgpuDca.Kernels;

namespace IlgpuDca.Verification;

/// <summary>Arrays of a storage type: rounding to it, and back as doubles.</summary>
static class Stored<T, TElement>
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    /// <summary>As names of checks have it.</summary>
    public static string Name => typeof(T) == typeof(BFloat16) ? "bf16" : "float32";

    /// <summary>Values as a kernel would have stored them.</summary>
    public static T[] Round(ReadOnlySpan<float> values)
    {
        T[] stored = new T[values.Length];
        for (int i = 0; i < values.Length; i++)
            stored[i] = default(TElement).Store(values[i]);
        return stored;
    }

    /// <summary>What a kernel reads.</summary>
    public static double[] Values(ReadOnlySpan<T> stored)
    {
        double[] values = new double[stored.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = default(TElement).Load(stored[i]);
        return values;
    }
}
