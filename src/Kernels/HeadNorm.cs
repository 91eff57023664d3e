using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;

namespace IlgpuDca.Kernels;

/// <summary>
/// What some architectures do to queries, keys and values between their projection and their rotation: biases, and an RMSNorm of each
/// head's query and key.
/// <code>x = x + bias;   x[h, c] = x[h, c] / sqrt(mean over c of x[h, c]² + epsilon) · gain[c]  for queries and keys</code>
/// </summary>
/// <remarks>
/// Shapes: qkv [tokens, (heads + 2 kvHeads) · headSize], changed in place; bias [(heads + 2 kvHeads) · headSize] float32 or empty;
/// gains [2, headSize] float32, of queries and of keys, or empty.
/// Work: a warp per head of a token. Traffic: qkv read twice (the second time from cache) and written once.
/// </remarks>
public sealed class HeadNorm<T, TElement>(Accelerator accelerator)
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    const int GroupSize = 128;
    const int Warps = GroupSize / 32;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<float>, ArrayView<float>, int, int, int, float> _kernel =
        accelerator.LoadKernel<ArrayView<T>, ArrayView<float>, ArrayView<float>, int, int, int, float>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="qkv">[tokens, (heads + 2 kvHeads) · headSize].</param>
    /// <param name="bias">As long as a row of qkv; empty: none.</param>
    /// <param name="gains">[2, headSize]; empty: no norms.</param>
    /// <param name="heads">Query heads.</param>
    /// <param name="kvHeads">Key heads, and value heads.</param>
    /// <param name="headSize">Elements of a head.</param>
    /// <param name="epsilon">rms_norm_eps of config.json.</param>
    public void Run(AcceleratorStream stream, ArrayView<T> qkv, ArrayView<float> bias, ArrayView<float> gains, int heads, int kvHeads, int headSize, float epsilon)
    {
        int all = heads + 2 * kvHeads;
        long width = (long)all * headSize;
        if (qkv.Length == 0 || qkv.Length % width != 0 || bias.Length != 0 && bias.Length != width || gains.Length != 0 && gains.Length != 2 * headSize)
            throw new ArgumentException($"HeadNorm: qkv has {qkv.Length} elements, bias {bias.Length}, gains {gains.Length}; rows of {heads} + 2 · {kvHeads} heads of {headSize} "
                + $"need a multiple of {width}, {width} or none, {2 * headSize} or none.");
        KernelConfig config = new(new Index3D((all + Warps - 1) / Warps, (int)(qkv.Length / width), 1), new Index3D(GroupSize, 1, 1));
        _kernel(stream, config, qkv, bias, gains, heads, kvHeads, headSize, epsilon);
    }

    static void Kernel(ArrayView<T> qkv, ArrayView<float> bias, ArrayView<float> gains, int heads, int kvHeads, int headSize, float epsilon)
    {
        LaunchOverlap.Begin();
        int all = heads + 2 * kvHeads, head = Grid.IdxX * Warps + (Group.IdxX >> 5), lane = Warp.LaneIdx;
        bool exists = head < all;
        // Every lane must reach the reduction: a warp without a head repeats the last one and stores nothing.
        head = IntrinsicMath.Min(head, all - 1);
        long start = ((long)Grid.IdxY * all + head) * headSize;
        bool isNormed = gains.Length != 0 && head < heads + kvHeads;
        float sumOfSquares = 0f;
        for (int c = lane; c < headSize; c += 32)
        {
            float x = Biased(qkv, bias, start, head * headSize, c);
            sumOfSquares += x * x;
        }
        WarpReduce.Sum(ref sumOfSquares);
        float factor = isNormed ? XMath.Rsqrt(sumOfSquares / headSize + epsilon) : 1f;
        for (int c = lane; c < headSize; c += 32)
        {
            float x = Biased(qkv, bias, start, head * headSize, c) * factor;
            if (isNormed)
                x *= gains[(head < heads ? 0 : headSize) + c];
            if (exists)
                qkv[start + c] = default(TElement).Store(x);
        }
    }

    static float Biased(ArrayView<T> qkv, ArrayView<float> bias, long start, int first, int c)
    {
        float x = default(TElement).Load(qkv[start + c]);
        return bias.Length != 0 ? x + bias[first + c] : x;
    }
}
