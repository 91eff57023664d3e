using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;

namespace IlgpuDca.Kernels;

/// <summary>
/// RMSNorm, with the residual add before it: the stream takes in what the last layer adds, is divided by its root-mean-square,
/// and multiplied by a learned gain.
/// <code>x[t, c] += delta[t, c];   y[t, c] = x[t, c] / sqrt(mean over c of x[t, c]² + epsilon) · gain[c]</code>
/// </summary>
/// <remarks>
/// Shapes: x [tokens, hidden] float32 (the residual stream), delta the same or empty; gain [hidden] float32; y [tokens, hidden].
/// Work: one group per token; its threads walk the row in strides of <see cref="GroupSize"/>.
/// Traffic per token: x and delta read once, x written and read again (from L2), y written once.
/// </remarks>
public sealed class RmsNorm<T, TElement>(Accelerator accelerator)
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    /// <summary>Threads per group: 8 warps.</summary>
    const int GroupSize = 256;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<T>, int, float> _kernel =
        accelerator.LoadKernel<ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<T>, int, float>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="x">[tokens, hidden], updated where delta is given.</param>
    /// <param name="delta">[tokens, hidden], or empty: nothing is added.</param>
    /// <param name="gain">[hidden].</param>
    /// <param name="y">[tokens, hidden].</param>
    /// <param name="epsilon">rms_norm_eps of config.json; dimensionless.</param>
    public void Run(AcceleratorStream stream, ArrayView<float> x, ArrayView<float> delta, ArrayView<float> gain, ArrayView<T> y, float epsilon)
    {
        int hidden = gain.IntLength;
        if (hidden == 0 || x.Length == 0 || x.Length % hidden != 0 || y.Length != x.Length || delta.Length != 0 && delta.Length != x.Length)
            throw new ArgumentException(
                $"RmsNorm: x has {x.Length} elements, delta {delta.Length}, y {y.Length}, gain {hidden}. x and y must be tokens · hidden, delta too or empty, gain hidden.");
        _kernel(stream, new KernelConfig((int)(x.Length / hidden), GroupSize), x, delta, gain, y, hidden, epsilon);
    }

    static void Kernel(ArrayView<float> x, ArrayView<float> delta, ArrayView<float> gain, ArrayView<T> y, int hidden, float epsilon)
    {
        long rowStart = (long)Grid.IdxX * hidden;
        bool adds = delta.Length != 0;

        float sumOfSquares = 0f;
        for (int c = Group.IdxX; c < hidden; c += GroupSize)
        {
            float value = x[rowStart + c];
            if (adds)
            {
                value += delta[rowStart + c];
                x[rowStart + c] = value;
            }
            sumOfSquares += value * value;
        }

        float inverseRms = XMath.Rsqrt(GroupReduce.Sum(sumOfSquares) / hidden + epsilon);
        for (int c = Group.IdxX; c < hidden; c += GroupSize)
            y[rowStart + c] = default(TElement).Store(x[rowStart + c] * inverseRms * gain[c]);
    }
}
