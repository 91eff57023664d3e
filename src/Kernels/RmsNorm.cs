using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels;

/// <summary>
/// RMSNorm: divides each row of x by its root-mean-square, then multiplies by a learned gain.
/// <code>y[t, c] = x[t, c] / sqrt(mean over c of x[t, c]² + epsilon) · gain[c]</code>
/// </summary>
/// <remarks>
/// Shapes: x [tokens, hidden] float32 (the residual stream); gain [hidden] float32; y [tokens, hidden].
/// Work: one group per token; its threads walk the row in strides of <see cref="GroupSize"/> packs of 4, or elements where 4 does not
/// divide hidden. Traffic per token: x read twice (the second time from L1), y written once.
/// </remarks>
public sealed class RmsNorm<T, TElement>(Accelerator accelerator)
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    /// <summary>Threads per group: 8 warps.</summary>
    const int GroupSize = 256;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, ArrayView<float>, ArrayView<T>, int, float> _kernel =
        accelerator.LoadKernel<ArrayView<float>, ArrayView<float>, ArrayView<T>, int, float>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="x">[tokens, hidden].</param>
    /// <param name="gain">[hidden].</param>
    /// <param name="y">[tokens, hidden].</param>
    /// <param name="epsilon">rms_norm_eps of config.json; dimensionless.</param>
    public void Run(AcceleratorStream stream, ArrayView<float> x, ArrayView<float> gain, ArrayView<T> y, float epsilon)
    {
        int hidden = gain.IntLength;
        if (hidden == 0 || x.Length == 0 || x.Length % hidden != 0 || y.Length != x.Length)
            throw new ArgumentException(
                $"RmsNorm: x has {x.Length} elements, y {y.Length}, gain {hidden}. x and y must both be tokens · hidden, gain hidden.");
        _kernel(stream, new KernelConfig((int)(x.Length / hidden), GroupSize), x, gain, y, hidden, epsilon);
    }

    static void Kernel(ArrayView<float> x, ArrayView<float> gain, ArrayView<T> y, int hidden, float epsilon)
    {
        LaunchOverlap.Begin();
        long rowStart = (long)Grid.IdxX * hidden;
        bool isPacked = hidden % 4 == 0;
        int packs = hidden / 4;
        ArrayView<Float32x4> xPacks = x.Cast<Float32x4>(), gainPacks = gain.Cast<Float32x4>();

        float sumOfSquares = 0f;
        if (isPacked)
            for (int p = Group.IdxX; p < packs; p += GroupSize)
            {
                Float32x4 pack = xPacks[rowStart / 4 + p];
                sumOfSquares = pack.Dot(pack, pack, sumOfSquares);
            }
        else
            for (int c = Group.IdxX; c < hidden; c += GroupSize)
                sumOfSquares += x[rowStart + c] * x[rowStart + c];

        float inverseRms = XMath.Rsqrt(GroupReduce.Sum(sumOfSquares) / hidden + epsilon);
        if (isPacked)
            for (int p = Group.IdxX; p < packs; p += GroupSize)
            {
                Float32x4 pack = xPacks[rowStart / 4 + p], scale = gainPacks[p];
                long target = rowStart + p * 4;
                y[target] = default(TElement).Store(pack.A * inverseRms * scale.A);
                y[target + 1] = default(TElement).Store(pack.B * inverseRms * scale.B);
                y[target + 2] = default(TElement).Store(pack.C * inverseRms * scale.C);
                y[target + 3] = default(TElement).Store(pack.D * inverseRms * scale.D);
            }
        else
            for (int c = Group.IdxX; c < hidden; c += GroupSize)
                y[rowStart + c] = default(TElement).Store(x[rowStart + c] * inverseRms * gain[c]);
    }
}
