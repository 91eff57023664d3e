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
/// Work: one group per token. A thread has a part of the row's packs of 4, or of its elements where 4 does not divide hidden: all its
/// loads are under way together, and x stays in registers. A few rows get large groups, for each waits for memory once; many rows
/// small ones. Traffic per token: x read once, y written once.
/// </remarks>
public sealed class RmsNorm<T, TElement>(Accelerator accelerator)
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    /// <summary>Threads of a group where rows are many, and most threads of one.</summary>
    const int SmallGroup = 256, LargestGroup = 1024;

    /// <summary>Rows from which on small groups fill the device.</summary>
    const int ManyRows = 64;

    static readonly KernelSpecialization Specialization = new(LargestGroup, null);

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<Float32x4>, ArrayView<Float32x4>, ArrayView<T>, float, SpecializedValue<int>> _packs =
        accelerator.LoadKernel<ArrayView<Float32x4>, ArrayView<Float32x4>, ArrayView<T>, float, SpecializedValue<int>>(Packs, Specialization);

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, ArrayView<float>, ArrayView<T>, float> _elements =
        accelerator.LoadKernel<ArrayView<float>, ArrayView<float>, ArrayView<T>, float>(Elements);

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
        int rows = (int)(x.Length / hidden), packs = hidden / 4;
        if (hidden % 4 != 0)
        {
            _elements(stream, new KernelConfig(rows, SmallGroup), x, gain, y, epsilon);
            return;
        }
        int threads = rows < ManyRows ? Math.Min(LargestGroup, (packs + 31) / 32 * 32) : SmallGroup;
        _packs(stream, new KernelConfig(rows, threads), x.Cast<Float32x4>(), gain.Cast<Float32x4>(), y, epsilon,
            SpecializedValue.New((packs + threads - 1) / threads));
    }

    static void Packs(ArrayView<Float32x4> x, ArrayView<Float32x4> gain, ArrayView<T> y, float epsilon, SpecializedValue<int> perThread)
    {
        LaunchOverlap.AllowNext();
        int packs = gain.IntLength;
        long row = (long)Grid.IdxX * packs;
        ArrayView<Float32x4> scales = LocalMemory.Allocate<Float32x4>(perThread), own = LocalMemory.Allocate<Float32x4>(perThread);
        for (int k = 0; k < perThread; k++)
            scales[k] = gain[IntrinsicMath.Min(k * Group.DimX + Group.IdxX, packs - 1)];
        LaunchOverlap.WaitForPrevious();
        for (int k = 0; k < perThread; k++)
            own[k] = x[row + IntrinsicMath.Min(k * Group.DimX + Group.IdxX, packs - 1)];

        float sumOfSquares = 0f;
        for (int k = 0; k < perThread; k++)
        {
            float sum = own[k].Dot(own[k], own[k], sumOfSquares);
            sumOfSquares = k * Group.DimX + Group.IdxX < packs ? sum : sumOfSquares;
        }
        float inverseRms = XMath.Rsqrt(GroupReduce.Sum(sumOfSquares) / (packs * 4) + epsilon);
        for (int k = 0; k < perThread; k++)
        {
            // All conversions before all stores, which are then merged.
            T a = default(TElement).Store(own[k].A * inverseRms * scales[k].A), b = default(TElement).Store(own[k].B * inverseRms * scales[k].B);
            T c = default(TElement).Store(own[k].C * inverseRms * scales[k].C), d = default(TElement).Store(own[k].D * inverseRms * scales[k].D);
            int pack = k * Group.DimX + Group.IdxX;
            if (pack >= packs)
                continue;
            ArrayView<T> target = y.SubView((row + pack) * 4, 4).AsAligned(4 * Interop.SizeOf<T>());
            target[0] = a;
            target[1] = b;
            target[2] = c;
            target[3] = d;
        }
    }

    static void Elements(ArrayView<float> x, ArrayView<float> gain, ArrayView<T> y, float epsilon)
    {
        LaunchOverlap.Begin();
        int hidden = gain.IntLength;
        long row = (long)Grid.IdxX * hidden;
        float sumOfSquares = 0f;
        for (int c = Group.IdxX; c < hidden; c += SmallGroup)
            sumOfSquares += x[row + c] * x[row + c];
        float inverseRms = XMath.Rsqrt(GroupReduce.Sum(sumOfSquares) / hidden + epsilon);
        for (int c = Group.IdxX; c < hidden; c += SmallGroup)
            y[row + c] = default(TElement).Store(x[row + c] * inverseRms * gain[c]);
    }
}
