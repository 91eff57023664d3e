using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Attention;

namespace IlgpuDca.Kernels;

/// <summary>
/// Puts new tokens into the KV cache: keys rotated once, by their place in their chunk, values as they are. Nothing stored depends
/// on the text's length, so cached pages stay valid however long it grows.
/// <code>k'[j] = R(j mod s) k[j];   v'[j] = v[j]</code>
/// </summary>
/// <remarks>
/// Shapes: qkv [tokens, (heads + 2 kvHeads) · headSize] float32; keys and values in pages (<see cref="KvLayout"/>); pageTable
/// [pages of the text].
/// Work: one thread per pair (i, i + half) of a key and of the value beside it.
/// </remarks>
public sealed class KvCacheAppend<T, TElement>(Accelerator accelerator)
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    const int GroupSize = 128;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, ArrayView<float>, ArrayView<T>, ArrayView<T>, ArrayView<int>, int, int, int, int, int> _kernel =
        accelerator.LoadKernel<ArrayView<float>, ArrayView<float>, ArrayView<T>, ArrayView<T>, ArrayView<int>, int, int, int, int, int>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="qkv">[tokens, (heads + 2 kvHeads) · headSize].</param>
    /// <param name="table">[positions, headSize] of <see cref="RopeTable"/>.</param>
    /// <param name="keys">The layer's key pages.</param>
    /// <param name="values">The layer's value pages.</param>
    /// <param name="pageTable">The page of every 128 tokens of the text.</param>
    /// <param name="start">The first token's place in the text.</param>
    /// <param name="tokens">Rows of qkv.</param>
    /// <param name="heads">Query heads.</param>
    /// <param name="layout">KV heads and head size.</param>
    /// <param name="geometry">Gives the keys' positions.</param>
    public void Run(AcceleratorStream stream, ArrayView<float> qkv, ArrayView<float> table, ArrayView<T> keys, ArrayView<T> values,
        ArrayView<int> pageTable, int start, int tokens, int heads, KvLayout layout, DcaGeometry geometry)
    {
        int width = (heads + 2 * layout.KvHeads) * layout.HeadSize;
        if (qkv.Length != (long)tokens * width || keys.Length != values.Length || pageTable.Length < KvLayout.Pages(start + tokens)
            || table.Length < (long)geometry.Positions(start + tokens) * layout.HeadSize)
            throw new ArgumentException($"KvCacheAppend: qkv has {qkv.Length} elements, keys {keys.Length}, values {values.Length}, the page table {pageTable.Length} pages; "
                + $"{tokens} tokens from {start} of {heads} heads and {layout} need {(long)tokens * width} and {KvLayout.Pages(start + tokens)} pages.");
        int pairs = layout.KvHeads * layout.HeadSize / 2;
        Index3D grid = new((pairs + GroupSize - 1) / GroupSize, tokens, 1);
        _kernel(stream, new KernelConfig(grid, new Index3D(GroupSize, 1, 1)), qkv, table, keys, values, pageTable, start, heads, layout.KvHeads,
            layout.HeadSize, geometry.ChunkLength);
    }

    static void Kernel(ArrayView<float> qkv, ArrayView<float> table, ArrayView<T> keys, ArrayView<T> values, ArrayView<int> pageTable,
        int start, int heads, int kvHeads, int headSize, int chunkLength)
    {
        int half = headSize / 2;
        int pair = Grid.IdxX * GroupSize + Group.IdxX;
        if (pair >= kvHeads * half)
            return;
        int head = pair / half, i = pair % half;
        int token = start + Grid.IdxY;

        long row = (long)(token % chunkLength) * headSize + i;
        float cos = table[row], sin = table[row + half];
        long key = (long)Grid.IdxY * (heads + 2 * kvHeads) * headSize + (heads + head) * headSize + i;
        long value = key + kvHeads * headSize;
        long target = KvLayout.Row(pageTable[token >> KvLayout.PageShift], kvHeads, head, token, headSize) + i;
        keys[target] = default(TElement).Store(qkv[key] * cos - qkv[key + half] * sin);
        keys[target + half] = default(TElement).Store(qkv[key + half] * cos + qkv[key] * sin);
        values[target] = default(TElement).Store(qkv[value]);
        values[target + half] = default(TElement).Store(qkv[value + half]);
    }
}
