using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Verification;

/// <summary>The attention kernels against a direct softmax, and the properties of Dual Chunk Attention that tie them together.</summary>
static class AttentionChecks
{
    /// <summary>Chunks that are no multiple of a tile or a page, and edges: one token, two, pmax at both ends of its range; windows and ablations.</summary>
    static readonly DcaGeometry[] s_geometries = [new(37, 53), new(64, 127), new(48, 47), new(130, 150), new(1, 1), new(2, 2), DcaGeometry.Dense,
        DcaGeometry.Dense with { Window = 1 }, DcaGeometry.Dense with { Window = 33 }, DcaGeometry.Dense with { Window = 128 }, new(37, 53) { Window = 50 },
        new(37, 53) { VisibleChunks = 1 }, new(64, 127) { VisibleChunks = 1 }, new(37, 53) { VisibleChunks = 2 }, new(130, 150) { VisibleChunks = 2 },
        new(1, 1) { VisibleChunks = 1 }, new(37, 53) { VisibleChunks = 2, Window = 50 }, new(37, 53) { HasSuccessive = false }];

    /// <summary>Head sizes with GQA ratios: more than 8 query heads per KV head take several groups in decoding.</summary>
    static readonly (int HeadSize, int Heads, int KvHeads)[] s_heads =
        [(8, 1, 1), (24, 6, 3), (40, 9, 3), (64, 7, 1), (80, 18, 2), (128, 2, 2), (136, 4, 2), (200, 3, 1), (256, 2, 1)];

    public static IEnumerable<Check> Of<T, TElement, TPack, TCache>()
        where T : unmanaged
        where TElement : struct, IElement<T>
        where TPack : unmanaged, IPack<TPack>
        where TCache : unmanaged, ICachePack<TCache>
    {
        foreach (DcaGeometry geometry in s_geometries)
            foreach (int length in Lengths(geometry))
                yield return Rows<T, TElement, TPack, TCache>(new AttentionShape(3, 1, 24, geometry), length);
        foreach ((int headSize, int heads, int kvHeads) in s_heads)
            yield return Rows<T, TElement, TPack, TCache>(new AttentionShape(heads, kvHeads, headSize, new DcaGeometry(45, 70)), 139);

        string storage = Name<T, TElement, TCache>();
        AttentionShape shape = new(4, 2, 40, new DcaGeometry(37, 53));
        yield return NewCheck.Of($"FlashAttention cut anywhere is one shot {storage}", (accelerator, inputs) => Slices<T, TElement, TCache>(accelerator, inputs, shape));
        yield return NewCheck.Of($"FlashAttention is three softmaxes merged {storage}", (accelerator, inputs) =>
        {
            AttentionText<T, TElement, TCache> text = AttentionText<T, TElement, TCache>.Random(inputs, shape, 120);
            (double[] expected, double[] limits) = text.Expected(70, 50, merged: true);
            Compare.Close("output", Stored<T, TElement>.Values(text.Prefill(accelerator, 70, 50)), expected, limits);
        });
        yield return NewCheck.Of($"FlashAttention of a chunk has the bits of plain attention {storage}", (accelerator, inputs) =>
        {
            float[] qkv = inputs.Normal(37L * shape.Width);
            int[] pages = inputs.Permutation(3);
            AttentionText<T, TElement, TCache> chunk = new(shape, qkv, pages), plain = new(shape with { Geometry = DcaGeometry.Dense }, qkv, pages);
            Compare.Same<T>("prefill", chunk.Prefill(accelerator, 0, 37), plain.Prefill(accelerator, 0, 37));
            Compare.Same<T>("decode", chunk.Decode(accelerator, new FlashDecoding<T, TElement, TPack, TCache>(accelerator), 36, splits: 2), plain.Decode(accelerator, new FlashDecoding<T, TElement, TPack, TCache>(accelerator), 36, splits: 2));
        });
        yield return NewCheck.Of($"FlashDecoding in more parts than a warp has lanes {storage}",
            (accelerator, inputs) => Parts<T, TElement, TPack, TCache>(accelerator, inputs));
        yield return NewCheck.Of($"FlashAttention shares KV heads as if they were repeated {storage}", (accelerator, inputs) => Repeated<T, TElement, TPack, TCache>(accelerator, inputs, shape));
    }

    /// <summary>Over a quantised cache: what differs is how a row is read, so head sizes and a few chunks.</summary>
    public static IEnumerable<Check> Quantized<T, TElement, TPack, TCache>()
        where T : unmanaged
        where TElement : struct, IElement<T>
        where TPack : unmanaged, IPack<TPack>
        where TCache : unmanaged, ICachePack<TCache>
    {
        foreach ((int headSize, int heads, int kvHeads) in s_heads)
            yield return Rows<T, TElement, TPack, TCache>(new AttentionShape(heads, kvHeads, headSize, new DcaGeometry(45, 70)), 139);
        AttentionShape shape = new(4, 2, 40, new DcaGeometry(37, 53));
        yield return NewCheck.Of($"FlashAttention cut anywhere is one shot {Name<T, TElement, TCache>()}", (accelerator, inputs) => Slices<T, TElement, TCache>(accelerator, inputs, shape));
    }

    static string Name<T, TElement, TCache>()
        where T : unmanaged
        where TElement : struct, IElement<T> => $"{Stored<T, TElement>.Name} {CacheReference.Name<TCache>()}".TrimEnd();

    /// <summary>T8: the edges of chunks and of the range in which Dual Chunk Attention equals plain attention.</summary>
    static IEnumerable<int> Lengths(DcaGeometry geometry)
    {
        if (geometry.IsDense)
            return [1, 31, 33, 127, 128, 129, 200];
        (int s, int p) = geometry;
        return new[] { s - 1, s, s + 1, 2 * s, 2 * s + 1, 3 * s, p, p + 1, p + 2, 5 * s + 3 }.Where(length => length is > 0 and < 420).Distinct().Order();
    }

    /// <summary>
    /// The text's last rows by the prefill kernel (from a start that is no multiple of anything, and all of it), and its last row by
    /// the decoding kernels, which thereby equals the prefill's (T3).
    /// </summary>
    static Check Rows<T, TElement, TPack, TCache>(AttentionShape shape, int length)
        where T : unmanaged
        where TElement : struct, IElement<T>
        where TPack : unmanaged, IPack<TPack>
        where TCache : unmanaged, ICachePack<TCache> =>
        NewCheck.Of($"Attention {length} tokens, {shape} {Name<T, TElement, TCache>()}", (accelerator, inputs) =>
        {
            AttentionText<T, TElement, TCache> text = AttentionText<T, TElement, TCache>.Random(inputs, shape, length);
            (double[] expected, double[] limits) = text.Expected(0, length);
            Compare.Close("prefill", Stored<T, TElement>.Values(text.Prefill(accelerator, 0, length)), expected, limits);
            int row = shape.Heads * shape.HeadSize, start = length * 3 / 5;
            Compare.Close($"prefill from {start}", Stored<T, TElement>.Values(text.Prefill(accelerator, start, length - start)), expected.AsSpan(start * row), limits.AsSpan(start * row));
            foreach (int token in new[] { length - 1, length / 2 }.Distinct())
                foreach (int splits in new[] { 1, 3, 128 })
                    Compare.Close($"decode of token {token} in {splits} parts", Stored<T, TElement>.Values(text.Decode(accelerator, new FlashDecoding<T, TElement, TPack, TCache>(accelerator), token, splits, onDevice: splits == 3)),
                        expected.AsSpan(token * row, row), limits.AsSpan(token * row, row));
        });

    /// <summary>
    /// As many parts as there can be, and numbers between: heads of 256 elements, two to a KV head, need only 16 keys for a part.
    /// </summary>
    static void Parts<T, TElement, TPack, TCache>(Accelerator accelerator, Inputs inputs)
        where T : unmanaged
        where TElement : struct, IElement<T>
        where TPack : unmanaged, IPack<TPack>
        where TCache : unmanaged, ICachePack<TCache>
    {
        const int Length = 16 * DecodingScratch.MaxSplits;
        AttentionShape shape = new(2, 1, 256, DcaGeometry.Dense);
        AttentionText<T, TElement, TCache> text = AttentionText<T, TElement, TCache>.Random(inputs, shape, Length);
        FlashDecoding<T, TElement, TPack, TCache> kernel = new(accelerator);
        (double[] expected, double[] limits) = text.Expected(Length - 1, 1);
        foreach (int splits in (int[])[40, 100, DecodingScratch.MaxSplits])
            Compare.Close($"decode, cut by {splits}",
                Stored<T, TElement>.Values(text.Decode(accelerator, kernel, Length - 1, splits)), expected, limits);
    }

    /// <summary>T5: a row walks its keys in the same steps whichever slice it is in, so the bits are the same.</summary>
    static void Slices<T, TElement, TCache>(Accelerator accelerator, Inputs inputs, AttentionShape shape)
        where T : unmanaged
        where TElement : struct, IElement<T>
        where TCache : unmanaged, ICachePack<TCache>
    {
        const int Length = 151;
        AttentionText<T, TElement, TCache> text = AttentionText<T, TElement, TCache>.Random(inputs, shape, Length);
        T[] whole = text.Prefill(accelerator, 0, Length);
        foreach (int[] cuts in new int[][] { [1], [36, 37, 38], [74, 75, 128], [53, 54, 55, 150], [10, 47, 90, 111, 129] })
        {
            List<T> slices = [];
            int start = 0;
            foreach (int end in cuts.Append(Length))
            {
                slices.AddRange(text.Prefill(accelerator, start, end - start));
                start = end;
            }
            Compare.Same<T>($"output cut at {string.Join(", ", cuts)}", slices.ToArray(), whole);
        }
    }

    /// <summary>T7: the same text with each KV head written out for each of its query heads.</summary>
    static void Repeated<T, TElement, TPack, TCache>(Accelerator accelerator, Inputs inputs, AttentionShape shape)
        where T : unmanaged
        where TElement : struct, IElement<T>
        where TPack : unmanaged, IPack<TPack>
        where TCache : unmanaged, ICachePack<TCache>
    {
        const int Length = 100;
        float[] qkv = inputs.Normal((long)Length * shape.Width);
        int[] pages = inputs.Permutation(2);
        AttentionShape every = shape with { KvHeads = shape.Heads };
        List<float> repeated = [];
        for (int t = 0; t < Length; t++)
        {
            ArraySegment<float> row = new(qkv, t * shape.Width, shape.Width);
            repeated.AddRange(row[..(shape.Heads * shape.HeadSize)]);
            for (int part = 0; part < 2; part++)
                for (int h = 0; h < shape.Heads; h++)
                    repeated.AddRange(row.Slice((shape.Heads + part * shape.KvHeads + h / (shape.Heads / shape.KvHeads)) * shape.HeadSize, shape.HeadSize));
        }
        AttentionText<T, TElement, TCache> grouped = new(shape, qkv, pages), separate = new(every, [.. repeated], pages);
        Compare.Same<T>("prefill", grouped.Prefill(accelerator, 0, Length), separate.Prefill(accelerator, 0, Length));
        // One query head a group and several walk their keys in batches of different sizes: not the bits, but the value.
        (double[] expected, double[] limits) = separate.Expected(Length - 1, 1);
        Compare.Close("decode", Stored<T, TElement>.Values(grouped.Decode(accelerator, new FlashDecoding<T, TElement, TPack, TCache>(accelerator), Length - 1, splits: 2)), expected, limits);
        Compare.Close("decode of repeated heads", Stored<T, TElement>.Values(separate.Decode(accelerator, new FlashDecoding<T, TElement, TPack, TCache>(accelerator), Length - 1, splits: 2)), expected, limits);
    }
}
