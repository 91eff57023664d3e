using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Kernels;

/// <summary>
/// Adds a projection's bias to the residual stream, to which its product was added.
/// <code>residual[t, c] += bias[c]</code>
/// </summary>
/// <remarks>
/// Shapes: residual [tokens, hidden] float32; bias [hidden] float32. Work: one thread per element.
/// Traffic: the residual read and written once.
/// </remarks>
public sealed class AddBias(Accelerator accelerator)
{
    const int GroupSize = 256;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, ArrayView<float>> _kernel =
        accelerator.LoadKernel<ArrayView<float>, ArrayView<float>>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="residual">[tokens, hidden], updated.</param>
    /// <param name="bias">[hidden].</param>
    public void Run(AcceleratorStream stream, ArrayView<float> residual, ArrayView<float> bias)
    {
        if (bias.Length == 0 || residual.Length == 0 || residual.Length % bias.Length != 0)
            throw new ArgumentException($"AddBias: the residual stream has {residual.Length} elements, the bias {bias.Length}; the first must be a multiple of the second.");
        int tokens = (int)(residual.Length / bias.Length);
        _kernel(stream, new KernelConfig(new Index3D(tokens, (bias.IntLength + GroupSize - 1) / GroupSize, 1), new Index3D(GroupSize, 1, 1)), residual, bias);
    }

    static void Kernel(ArrayView<float> residual, ArrayView<float> bias)
    {
        LaunchOverlap.Begin();
        int c = Grid.IdxY * GroupSize + Group.IdxX;
        if (c < bias.IntLength)
            residual[Grid.IdxX * bias.Length + c] += bias[c];
    }
}
