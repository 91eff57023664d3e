using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Attention;

namespace IlgpuDca.Kernels;

/// <summary>
/// Rotary position embedding of the queries, once for each relation that Dual Chunk Attention knows (once in plain attention).
/// <code>q'[i] = q[i] cos - q[i + half] sin;   q'[i + half] = q[i + half] cos + q[i] sin,   half = headSize / 2</code>
/// </summary>
/// <remarks>
/// Shapes: qkv [tokens, (heads + 2 kvHeads) · headSize] float32; table [positions, headSize] of <see cref="RopeTable"/>;
/// rotated [variants, tokens, heads, headSize]. Positions: <see cref="DcaGeometry.QueryPosition"/>.
/// Work: one thread per pair (i, i + half). Traffic per pair: two read, two written for each variant.
/// </remarks>
public sealed class Rope<T, TElement>(Accelerator accelerator)
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    const int GroupSize = 128;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, ArrayView<float>, ArrayView<T>, int, int, int, int, int, int> _kernel =
        accelerator.LoadKernel<ArrayView<float>, ArrayView<float>, ArrayView<T>, int, int, int, int, int, int>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="qkv">[tokens, (heads + 2 kvHeads) · headSize].</param>
    /// <param name="table">[positions, headSize].</param>
    /// <param name="rotated">[variants, tokens, heads, headSize].</param>
    /// <param name="start">The first token's place in the text.</param>
    /// <param name="tokens">Rows of qkv.</param>
    /// <param name="heads">Query heads.</param>
    /// <param name="layout">KV heads and head size.</param>
    /// <param name="geometry">Which positions the queries take.</param>
    public void Run(AcceleratorStream stream, ArrayView<float> qkv, ArrayView<float> table, ArrayView<T> rotated, int start, int tokens,
        int heads, KvLayout layout, DcaGeometry geometry)
    {
        int width = (heads + 2 * layout.KvHeads) * layout.HeadSize;
        if (qkv.Length != (long)tokens * width || rotated.Length != (long)geometry.Variants * tokens * heads * layout.HeadSize
            || table.Length < (long)geometry.Positions(start + tokens) * layout.HeadSize)
            throw new ArgumentException($"Rope: qkv has {qkv.Length} elements, rotated {rotated.Length}, table {table.Length}; "
                + $"{tokens} tokens from {start} of {heads} heads and {layout} in {geometry} need {(long)tokens * width}, "
                + $"{(long)geometry.Variants * tokens * heads * layout.HeadSize} and {(long)geometry.Positions(start + tokens) * layout.HeadSize}.");
        int pairs = heads * layout.HeadSize / 2;
        Index3D grid = new((pairs + GroupSize - 1) / GroupSize, tokens, geometry.Variants);
        _kernel(stream, new KernelConfig(grid, new Index3D(GroupSize, 1, 1)), qkv, table, rotated, start, width, heads, layout.HeadSize,
            geometry.ChunkLength, geometry.MaxPosition);
    }

    static void Kernel(ArrayView<float> qkv, ArrayView<float> table, ArrayView<T> rotated, int start, int width, int heads, int headSize,
        int chunkLength, int maxPosition)
    {
        int half = headSize / 2;
        int pair = Grid.IdxX * GroupSize + Group.IdxX;
        if (pair >= heads * half)
            return;
        int head = pair / half, i = pair % half, token = Grid.IdxY, variant = Grid.IdxZ;

        int offset = (start + token) % chunkLength;
        int position = offset;
        if (variant == (int)DcaRelation.Successive)
            position = IntrinsicMath.Min(offset + chunkLength, maxPosition);
        else if (variant == (int)DcaRelation.Inter)
            position = maxPosition;

        long source = (long)token * width + head * headSize + i;
        long target = (((long)variant * Grid.DimY + token) * heads + head) * headSize + i;
        long row = (long)position * headSize + i;
        float cos = table[row], sin = table[row + half];
        float x = qkv[source], y = qkv[source + half];
        rotated[target] = default(TElement).Store(x * cos - y * sin);
        rotated[target + half] = default(TElement).Store(y * cos + x * sin);
    }
}
