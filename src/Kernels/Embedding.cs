using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Kernels;

/// <summary>
/// Embedding: each token's row of the table becomes its first residual stream.
/// <code>x[t, c] = table[ids[t], c]</code>
/// </summary>
/// <remarks>
/// Shapes: ids [tokens]; table [vocabulary, hidden]; x [tokens, hidden] float32; row-major.
/// Work: one group per token. Traffic per token: one row read, one written.
/// </remarks>
public sealed class Embedding<T, TElement>(Accelerator accelerator)
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    const int GroupSize = 128;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<int>, ArrayView<T>, ArrayView<float>, int> _kernel =
        accelerator.LoadKernel<ArrayView<int>, ArrayView<T>, ArrayView<float>, int>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="ids">[tokens], each below the vocabulary's size.</param>
    /// <param name="table">[vocabulary, hidden].</param>
    /// <param name="x">[tokens, hidden].</param>
    /// <param name="hidden">Elements of a row.</param>
    public void Run(AcceleratorStream stream, ArrayView<int> ids, ArrayView<T> table, ArrayView<float> x, int hidden)
    {
        if (hidden <= 0 || x.Length != ids.Length * hidden || table.Length % hidden != 0)
            throw new ArgumentException($"Embedding: {ids.Length} ids, hidden {hidden}, table {table.Length}, x {x.Length} elements. x must be ids · hidden.");
        _kernel(stream, new KernelConfig((int)ids.Length, GroupSize), ids, table, x, hidden);
    }

    static void Kernel(ArrayView<int> ids, ArrayView<T> table, ArrayView<float> x, int hidden)
    {
        long source = (long)ids[Grid.IdxX] * hidden;
        long target = (long)Grid.IdxX * hidden;
        for (int c = Group.IdxX; c < hidden; c += GroupSize)
            x[target + c] = default(TElement).Load(table[source + c]);
    }
}
