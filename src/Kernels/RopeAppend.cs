using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Attention;

namespace IlgpuDca.Kernels;

/// <summary>
/// Rotary position embedding and KV cache in one kernel. Queries are rotated once for each relation that Dual Chunk Attention knows
/// (once in plain attention); keys once, by their place in their chunk; values are stored as they are. Nothing cached depends on the
/// text's length, so cached pages stay valid however long it grows.
/// <code>
/// x'[i] = x[i] cos - x[i + half] sin;   x'[i + half] = x[i + half] cos + x[i] sin,   half = headSize / 2
/// q' = R(position of q) q;   k'[j] = R(j mod s) k[j];   v'[j] = v[j]
/// </code>
/// </summary>
/// <remarks>
/// Shapes: qkv [tokens, (heads + 2 kvHeads) · headSize]; table [positions, headSize] of <see cref="RopeTable"/>; queries
/// [variants, tokens, heads, headSize]; keys and values in pages (<see cref="KvLayout"/>); pageTable [pages of the text].
/// Positions: <see cref="DcaGeometry.QueryPosition"/>.
/// Work: one thread per pair (i, i + half). Traffic per pair: two read, two written, for queries in every variant.
/// </remarks>
public sealed class RopeAppend<T, TElement>(Accelerator accelerator)
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    const int GroupSize = 128;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<float>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<int>, ArrayView<int>, AttentionSizes, int, int> _kernel =
        accelerator.LoadKernel<ArrayView<T>, ArrayView<float>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<int>, ArrayView<int>, AttentionSizes, int, int>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="qkv">[tokens, (heads + 2 kvHeads) · headSize].</param>
    /// <param name="table">[positions, headSize].</param>
    /// <param name="queries">[variants, tokens, heads, headSize]: takes the rotated queries.</param>
    /// <param name="keys">The layer's key pages.</param>
    /// <param name="values">The layer's value pages.</param>
    /// <param name="pageTable">The page of every 128 tokens of the text.</param>
    /// <param name="position">[1]: the first token's place in the text, read when the kernel runs; empty: it is start.</param>
    /// <param name="start">The first token's place in the text; where position is given, any place that the buffers have room for.</param>
    /// <param name="tokens">Rows of qkv.</param>
    /// <param name="heads">Query heads.</param>
    /// <param name="layout">KV heads and head size.</param>
    /// <param name="geometry">Which positions queries and keys take.</param>
    public void Run(AcceleratorStream stream, ArrayView<T> qkv, ArrayView<float> table, ArrayView<T> queries, ArrayView<T> keys, ArrayView<T> values,
        ArrayView<int> pageTable, ArrayView<int> position, int start, int tokens, int heads, KvLayout layout, DcaGeometry geometry)
    {
        long width = (heads + 2 * layout.KvHeads) * layout.HeadSize, rotated = (long)geometry.Variants * tokens * heads * layout.HeadSize;
        if (qkv.Length != tokens * width || queries.Length != rotated || keys.Length != values.Length || pageTable.Length < KvLayout.Pages(start + tokens)
            || table.Length < (long)geometry.Positions(start + tokens) * layout.HeadSize)
            throw new ArgumentException($"RopeAppend: qkv has {qkv.Length} elements, queries {queries.Length}, keys {keys.Length}, values {values.Length}, table {table.Length}, "
                + $"the page table {pageTable.Length} pages; {tokens} tokens from {start} of {heads} heads and {layout} in {geometry} need {tokens * width}, {rotated}, "
                + $"as many keys as values, {(long)geometry.Positions(start + tokens) * layout.HeadSize} and {KvLayout.Pages(start + tokens)}.");
        int pairs = (heads + 2 * layout.KvHeads) * layout.HeadSize / 2;
        Index3D grid = new((pairs + GroupSize - 1) / GroupSize, tokens, 1);
        _kernel(stream, new KernelConfig(grid, new Index3D(GroupSize, 1, 1)), qkv, table, queries, keys, values, pageTable, position,
            new AttentionSizes(start, tokens, heads, layout, geometry, 1f), geometry.SuccessiveShift, geometry.MaxPosition);
    }

    static void Kernel(ArrayView<T> qkv, ArrayView<float> table, ArrayView<T> queries, ArrayView<T> keys, ArrayView<T> values, ArrayView<int> pageTable,
        ArrayView<int> position, AttentionSizes sizes, int successiveShift, int maxPosition)
    {
        LaunchOverlap.Begin();
        int headSize = sizes.HeadSize, half = headSize / 2, allHeads = sizes.Heads + 2 * sizes.KvHeads;
        int pair = Grid.IdxX * GroupSize + Group.IdxX;
        if (pair >= allHeads * half)
            return;
        int head = pair / half, i = pair % half, row = Grid.IdxY;
        int token = sizes.StartOf(position) + row, offset = token % sizes.ChunkLength;
        long source = (long)row * allHeads * headSize + head * headSize + i;
        float x = default(TElement).Load(qkv[source]), y = default(TElement).Load(qkv[source + half]);

        if (head < sizes.Heads)
        {
            for (int variant = 0; variant < sizes.Variants; variant++)
            {
                int angle = offset;
                if (variant == (int)DcaRelation.Successive)
                    angle = IntrinsicMath.Min(offset + successiveShift, maxPosition);
                else if (variant == (int)DcaRelation.Inter)
                    angle = maxPosition;
                Rotate(table, queries, (((long)variant * sizes.Tokens + row) * sizes.Heads + head) * headSize + i, x, y, angle, i, headSize);
            }
            return;
        }
        int kvHead = (head - sizes.Heads) % sizes.KvHeads;
        long target = KvLayout.Row(pageTable[token >> KvLayout.PageShift], sizes.KvHeads, kvHead, token, headSize) + i;
        if (head < sizes.Heads + sizes.KvHeads)
        {
            Rotate(table, keys, target, x, y, offset, i, headSize);
            return;
        }
        values[target] = qkv[source];
        values[target + half] = qkv[source + half];
    }

    static void Rotate(ArrayView<float> table, ArrayView<T> output, long target, float x, float y, int angle, int i, int headSize)
    {
        long row = (long)angle * headSize + i;
        float cos = table[row], sin = table[row + headSize / 2];
        output[target] = default(TElement).Store(x * cos - y * sin);
        output[target + headSize / 2] = default(TElement).Store(y * cos + x * sin);
    }
}
