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

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<int>, ArrayView<int>, ArrayView<T>, ArrayView<float>, int> _kernel =
        accelerator.LoadKernel<ArrayView<int>, ArrayView<int>, ArrayView<T>, ArrayView<float>, int>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="ids">[tokens], each below the vocabulary's size; where position is given, the whole text.</param>
    /// <param name="position">[1]: the place in ids of the only token, read when the kernel runs; empty: all ids count.</param>
    /// <param name="table">[vocabulary, hidden].</param>
    /// <param name="x">[tokens, hidden].</param>
    /// <param name="hidden">Elements of a row.</param>
    public void Run(AcceleratorStream stream, ArrayView<int> ids, ArrayView<int> position, ArrayView<T> table, ArrayView<float> x, int hidden)
    {
        long tokens = position.Length != 0 ? 1 : ids.Length;
        if (hidden <= 0 || x.Length != tokens * hidden || table.Length % hidden != 0)
            throw new ArgumentException($"Embedding: {tokens} ids, hidden {hidden}, table {table.Length}, x {x.Length} elements. x must be ids · hidden.");
        // The first of a pass through the layers: what earlier passes left may be read ahead from here on.
        LaunchOverlap.NextStartsAlone(stream);
        _kernel(stream, new KernelConfig((int)tokens, GroupSize), ids, position, table, x, hidden);
    }

    static void Kernel(ArrayView<int> ids, ArrayView<int> position, ArrayView<T> table, ArrayView<float> x, int hidden)
    {
        LaunchOverlap.Begin();
        long source = (long)ids[position.Length != 0 ? position[0] : Grid.IdxX] * hidden;
        long target = (long)Grid.IdxX * hidden;
        for (int c = Group.IdxX; c < hidden; c += GroupSize)
            x[target + c] = default(TElement).Load(table[source + c]);
    }
}
