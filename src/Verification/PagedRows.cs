using System.Runtime.InteropServices;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;

namespace IlgpuDca.Verification;

/// <summary>A text's keys, or values, as a cache has them: in pages, where what no token fills is NaN, and as the numbers that they stand for.</summary>
sealed class PagedRows<T, TElement, TCache>
    where T : unmanaged
    where TElement : struct, IElement<T>
    where TCache : unmanaged, ICachePack<TCache>
{
    readonly TCache[] _packs;
    readonly float[] _scales;

    /// <param name="shape">KV heads and head size.</param>
    /// <param name="rows">[tokens, kvHeads, headSize].</param>
    /// <param name="pageTable">The page of every 128 tokens.</param>
    /// <param name="pages">Pages that there are.</param>
    public PagedRows(AttentionShape shape, float[] rows, int[] pageTable, int pages)
    {
        int size = shape.HeadSize, perRow = size / default(TCache).Count;
        _packs = new TCache[pages * shape.Layout.PageElements / default(TCache).Count];
        _scales = new float[default(TCache).IsScaled ? pages * shape.KvHeads * KvLayout.PageTokens : 0];
        MemoryMarshal.AsBytes(_packs.AsSpan()).Fill(0xFF);
        Array.Fill(_scales, float.NaN);
        Values = new double[rows.Length];
        for (int row = 0; row < rows.Length / size; row++)
        {
            int token = row / shape.KvHeads, place = (int)KvLayout.Row(pageTable[token / 128], shape.KvHeads, row % shape.KvHeads, token, 1);
            ReadOnlySpan<float> elements = rows.AsSpan(row * size, size);
            Span<byte> target = MemoryMarshal.AsBytes(_packs.AsSpan(place * perRow, perRow));
            if (!default(TCache).IsScaled)
            {
                T[] stored = Stored<T, TElement>.Round(elements);
                MemoryMarshal.AsBytes(stored.AsSpan()).CopyTo(target);
                Stored<T, TElement>.Values(stored).CopyTo(Values, row * size);
                continue;
            }
            (byte[] bytes, float scale) = CacheReference.Quantize<TCache>(elements);
            bytes.CopyTo(target);
            _scales[place] = scale;
            Array.ConvertAll(CacheReference.Codes<TCache>(bytes), code => code * scale).CopyTo(Values, row * size);
        }
    }

    /// <summary>[tokens, kvHeads, headSize]: what kernels read.</summary>
    public double[] Values { get; }

    /// <summary>The pages on a device.</summary>
    public GuardedRows<TCache> Upload(Accelerator accelerator) => new(accelerator, _packs, _scales);
}
