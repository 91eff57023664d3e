using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Kernels;

/// <summary>
/// SwiGLU: the gated activation of the feed-forward layer, where its product cannot do it (<see cref="MatMul.Epilogues.GateUpOrder"/>).
/// <code>y[t, c] = silu(gate[t, c]) · up[t, c],   silu(z) = z / (1 + e^-z)</code>
/// </summary>
/// <remarks>
/// Shapes: gateUp [tokens, 2 · width] float32 (gate, then up, as the fused product leaves them); y [tokens, width].
/// Work: one thread per element. Traffic per element: two read, one written.
/// </remarks>
public sealed class SwiGlu<T, TElement>(Accelerator accelerator)
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    const int GroupSize = 256;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, ArrayView<T>, int> _kernel =
        accelerator.LoadKernel<ArrayView<float>, ArrayView<T>, int>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="gateUp">[tokens, 2 · width].</param>
    /// <param name="y">[tokens, width].</param>
    /// <param name="width">intermediate_size.</param>
    public void Run(AcceleratorStream stream, ArrayView<float> gateUp, ArrayView<T> y, int width)
    {
        if (width <= 0 || y.Length == 0 || y.Length % width != 0 || gateUp.Length != 2 * y.Length)
            throw new ArgumentException($"SwiGlu: gateUp has {gateUp.Length} elements, y {y.Length}, width {width}. gateUp must be twice y, y tokens · width.");
        int tokens = (int)(y.Length / width);
        _kernel(stream, new KernelConfig(new Index3D((width + GroupSize - 1) / GroupSize, tokens, 1), new Index3D(GroupSize, 1, 1)), gateUp, y, width);
    }

    static void Kernel(ArrayView<float> gateUp, ArrayView<T> y, int width)
    {
        int c = Grid.IdxX * GroupSize + Group.IdxX;
        if (c >= width)
            return;
        long token = Grid.IdxY;
        y[token * width + c] = default(TElement).Store(Silu.Gated(gateUp[2 * token * width + c], gateUp[(2 * token + 1) * width + c]));
    }
}
