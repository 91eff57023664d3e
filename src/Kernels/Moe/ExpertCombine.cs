using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Kernels.Moe;

/// <summary>
/// Adds each token's experts to the residual stream: gathered by token, so that the order of the sum is always the same.
/// <code>residual[t, c] += sum over j of weights[t, j] · y[t, j, c]</code>
/// </summary>
/// <remarks>
/// Shapes: y [tokens, perToken, hidden]; weights [tokens, perToken] float32; residual [tokens, hidden] float32.
/// Work: one thread per element. Traffic: y once, the residual read and written once.
/// </remarks>
public sealed class ExpertCombine<T, TElement>(Accelerator accelerator)
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    const int GroupSize = 256;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<float>, ArrayView<float>, int, int> _kernel =
        accelerator.LoadKernel<ArrayView<T>, ArrayView<float>, ArrayView<float>, int, int>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="y">[tokens, perToken, hidden].</param>
    /// <param name="weights">[tokens, perToken].</param>
    /// <param name="residual">[tokens, hidden], updated.</param>
    /// <param name="shape">The experts.</param>
    public void Run(AcceleratorStream stream, ArrayView<T> y, ArrayView<float> weights, ArrayView<float> residual, ExpertShape shape)
    {
        shape.Check();
        long tokens = residual.Length / shape.Hidden;
        if (tokens == 0 || residual.Length != tokens * shape.Hidden || y.Length != residual.Length * shape.PerToken || weights.Length != tokens * shape.PerToken)
            throw new ArgumentException($"ExpertCombine: residual has {residual.Length} elements, y {y.Length}, {weights.Length} weights; {shape} need a multiple of {shape.Hidden}, "
                + $"{residual.Length * shape.PerToken} and {tokens * shape.PerToken}.");
        // Tokens along the first side, which has no bound that matters.
        KernelConfig config = new(new Index3D((int)tokens, (shape.Hidden + GroupSize - 1) / GroupSize, 1), new Index3D(GroupSize, 1, 1));
        _kernel(stream, config, y, weights, residual, shape.Hidden, shape.PerToken);
    }

    static void Kernel(ArrayView<T> y, ArrayView<float> weights, ArrayView<float> residual, int hidden, int perToken)
    {
        LaunchOverlap.Begin();
        int c = Grid.IdxY * GroupSize + Group.IdxX;
        if (c >= hidden)
            return;
        long choice = (long)Grid.IdxX * perToken;
        float sum = 0f;
        for (int j = 0; j < perToken; j++)
            sum += weights[choice + j] * default(TElement).Load(y[(choice + j) * hidden + c]);
        residual[(long)Grid.IdxX * hidden + c] += sum;
    }
}
