using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Sampling;

namespace IlgpuDca.Kernels;

/// <summary>
/// Fills memory with numbers that are nearly normal: the sum of four uniform 16-bit numbers, moved and stretched.
/// <code>y[i] = mean + deviation · sqrt(3) · (u0 + u1 + u2 + u3 - 2),   u of Philox(seed, i), uniform in (0, 1)</code>
/// </summary>
/// <remarks>
/// Shapes: y of any length. No number is further from the mean than 3.47 deviations. The same seed gives the same numbers.
/// Work: a thread per element, in strides of the grid. Traffic: y written once.
/// </remarks>
public sealed class RandomNormal<T, TElement>(Accelerator accelerator)
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    const int GroupSize = 256;

    /// <summary>Groups that a multiprocessor works off one after the other; more would only add launches.</summary>
    const int GroupsPerMultiprocessor = 32;

    /// <summary>sqrt(3): the sum of four uniform numbers has a deviation of 1 / sqrt(3).</summary>
    const float PerDeviation = 1.7320508f;

    const float PerUnit = 1f / 65536f;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ulong, float, float> _kernel =
        accelerator.LoadKernel<ArrayView<T>, ulong, float, float>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="y">What to fill.</param>
    /// <param name="seed">Another seed, other numbers.</param>
    /// <param name="mean">The numbers' mean.</param>
    /// <param name="deviation">Their standard deviation; 0 fills with the mean.</param>
    public void Run(AcceleratorStream stream, ArrayView<T> y, ulong seed, float mean, float deviation)
    {
        if (!(deviation >= 0))
            throw new ArgumentException($"RandomNormal: the deviation is {deviation}; it must be 0 or more.");
        if (y.Length == 0)
            return;
        long wanted = (y.Length + GroupSize - 1) / GroupSize;
        int groups = (int)Math.Min(wanted, (long)accelerator.NumMultiprocessors * GroupsPerMultiprocessor);
        _kernel(stream, new KernelConfig(groups, GroupSize), y, seed, mean, deviation * PerDeviation);
    }

    static void Kernel(ArrayView<T> y, ulong seed, float mean, float scale)
    {
        long stride = (long)Grid.DimX * GroupSize;
        for (long i = (long)Grid.IdxX * GroupSize + Group.IdxX; i < y.Length; i += stride)
        {
            ulong bits = Philox.Next(seed, (ulong)i);
            int sum = (int)(bits & 0xFFFF) + (int)((bits >> 16) & 0xFFFF) + (int)((bits >> 32) & 0xFFFF) + (int)(bits >> 48);

            // Each of the four stands for the middle of its interval: half a unit is added four times.
            float centred = (sum + 2) * PerUnit - 2f;
            y[i] = default(TElement).Store(mean + scale * centred);
        }
    }
}
