using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Sampling;

namespace IlgpuDca.Verification;

/// <summary>Numbers that the device draws.</summary>
static class RandomChecks
{
    /// <summary>More elements for each multiprocessor than the kernel has threads for it, so that threads take strides.</summary>
    const int Strided = 8_192 + 131;

    public static IEnumerable<Check> Of<T, TElement>()
        where T : unmanaged
        where TElement : struct, IElement<T>
    {
        string storage = Stored<T, TElement>.Name;
        foreach (int length in (int[])[1, 255, 256, 257])
            yield return NewCheck.Of($"RandomNormal {length} {storage}", (a, _) => RandomNormal<T, TElement>(a, length, 3, 0f, 0.02f));
        yield return NewCheck.Of($"RandomNormal in strides {storage}", (a, _) => RandomNormal<T, TElement>(a, a.NumMultiprocessors * Strided, ulong.MaxValue - 5, 1.5f, 2f));
        yield return NewCheck.Of($"RandomNormal without deviation {storage}", (a, _) => RandomNormal<T, TElement>(a, 300, 0, 1f, 0f));
    }

    static void RandomNormal<T, TElement>(Accelerator accelerator, int length, ulong seed, float mean, float deviation)
        where T : unmanaged
        where TElement : struct, IElement<T>
    {
        using GuardedBuffer<T> y = new(accelerator, length);
        new RandomNormal<T, TElement>(accelerator).Run(accelerator.DefaultStream, y.View, seed, mean, deviation);

        double[] expected = new double[length], limits = new double[length];
        for (int i = 0; i < length; i++)
        {
            ulong bits = Philox.Next(seed, (ulong)i);
            double uniform = 0;
            for (int part = 0; part < 4; part++)
                uniform += ((double)((bits >> (16 * part)) & 0xFFFF) + 0.5) / 65_536;
            double offset = deviation * Math.Sqrt(3) * (uniform - 2);
            expected[i] = mean + offset;
            // The stretch is rounded three times, the sum once.
            limits[i] = Tolerance.Storage<T>(expected[i], Math.Abs(offset) * Tolerance.Gamma(3) + (Math.Abs(mean) + Math.Abs(offset)) * Tolerance.Gamma(1));
        }
        Compare.Close("y", Stored<T, TElement>.Values(y.Read()), expected, limits);
    }
}
