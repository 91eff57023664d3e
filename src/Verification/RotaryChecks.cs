using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;

namespace IlgpuDca.Verification;

/// <summary>The table of angles, the rotation of queries behind their biases and norms, and what the KV cache takes in.</summary>
static class RotaryChecks
{
    static readonly DcaGeometry[] s_geometries = [new(7, 10), new(37, 53), new(1, 1), DcaGeometry.Dense, new(37, 53) { VisibleChunks = 2 }, new(7, 10) { HasSuccessive = false }];

    /// <summary>Heads that fill a part of their lanes, all of them once, once and a part, and twice.</summary>
    static readonly (int HeadSize, int Heads, int KvHeads)[] s_heads =
        [(8, 1, 1), (24, 3, 1), (40, 14, 7), (128, 6, 2), (136, 2, 1), (256, 3, 3)];

    public static IEnumerable<Check> Table()
    {
        foreach ((int positions, int headSize, double theta) in new[] { (1, 8, 1e4), (131, 24, 1e4), (4097, 64, 1e6), (70_000, 8, 5e5) })
            yield return NewCheck.Of($"RopeTable {positions} x {headSize} base {theta}", (_, _) => Table(positions, headSize, theta));
    }

    public static IEnumerable<Check> Of<T, TElement, TCache>()
        where T : unmanaged
        where TElement : struct, IElement<T>
        where TCache : unmanaged, ICachePack<TCache>
    {
        string storage = Stored<T, TElement>.Name;
        foreach ((int headSize, int heads, int kvHeads) in s_heads)
        {
            foreach (DcaGeometry geometry in s_geometries)
            {
                AttentionShape shape = new(heads, kvHeads, headSize, geometry);
                yield return NewCheck.Of($"RopeAppend's queries {shape} {storage}",
                    (a, i) => Queries<T, TElement, TCache>(a, i, shape, default, tokens: 50, onDevice: false));
                yield return NewCheck.Of($"RopeAppend's queries, place on the device, {shape} {storage}",
                    (a, i) => Queries<T, TElement, TCache>(a, i, shape, default, tokens: 1, onDevice: true));
                yield return NewCheck.Of($"RopeAppend's cache {shape} {storage}",
                    (a, i) => Append<T, TElement, TCache>(a, i, shape, default));
            }
            foreach (HeadTraits traits in HeadTraits.Some)
            {
                AttentionShape shape = new(heads, kvHeads, headSize, new DcaGeometry(37, 53));
                yield return NewCheck.Of($"RopeAppend's queries{traits} {shape} {storage}",
                    (a, i) => Queries<T, TElement, TCache>(a, i, shape, traits, tokens: 50, onDevice: false));
                yield return NewCheck.Of($"RopeAppend's cache{traits} {shape} {storage}",
                    (a, i) => Append<T, TElement, TCache>(a, i, shape, traits));
            }
        }
    }

    static void Table(int positions, int headSize, double theta)
    {
        float[] table = RopeTable.Create(positions, headSize, theta);
        Compare.True(table.Length == positions * headSize, $"the table has {table.Length} elements, expected {positions} x {headSize}.");
        foreach (int p in Enumerable.Range(0, Math.Min(positions, 64)).Append(positions / 2).Append(positions - 1))
            for (int i = 0; i < headSize / 2; i++)
            {
                double angle = p * Math.Exp(-2.0 * i / headSize * Math.Log(theta)), limit = Tolerance.U + Math.Abs(angle) * Math.ScaleB(1, -48);
                Compare.Close($"cos and sin of position {p}, pair {i}", [table[p * headSize + i], table[p * headSize + headSize / 2 + i]],
                    [Math.Cos(angle), Math.Sin(angle)], [limit, limit]);
            }
    }

    static void Queries<T, TElement, TCache>(Accelerator accelerator, Inputs inputs, AttentionShape shape, HeadTraits traits, int tokens,
        bool onDevice)
        where T : unmanaged
        where TElement : struct, IElement<T>
        where TCache : unmanaged, ICachePack<TCache>
    {
        const int Start = 33;
        T[] qkv = Stored<T, TElement>.Round(inputs.Normal((long)tokens * shape.Width));
        using GuardedHeadWeights weights = new(accelerator, inputs, shape, traits);
        using GuardedBuffer<T> deviceQkv = new(accelerator, qkv);
        using GuardedBuffer<float> table = new(accelerator, AngleTable(shape, Start + tokens));
        using GuardedBuffer<T> rotated = new(accelerator, (long)shape.Geometry.Variants * tokens * shape.Heads * shape.HeadSize);
        int pages = KvLayout.Pages(Start + tokens);
        using GuardedBuffer<T> keys = new(accelerator, pages * shape.Layout.PageElements);
        using GuardedBuffer<T> values = new(accelerator, pages * shape.Layout.PageElements);
        using GuardedBuffer<int> pageTable = new(accelerator, inputs.Permutation(pages));
        using GuardedBuffer<int> position = new(accelerator, onDevice ? [Start] : []);
        new RopeAppend<T, TElement, TCache>(accelerator).Run(accelerator.DefaultStream, deviceQkv.View, weights.View, table.View,
            rotated.View, KvRows<TCache>.Of<T>(keys.View), KvRows<TCache>.Of<T>(values.View), pageTable.View, position.View,
            onDevice ? 0 : Start, tokens, shape.Heads, shape.Layout, shape.Geometry);
        List<double> expected = [], limits = [], found = [];
        T[] all = rotated.Read();
        for (int variant = 0; variant < shape.Geometry.Variants; variant++)
            for (int t = 0; t < tokens; t++)
                for (int h = 0; h < shape.Heads; h++)
                {
                    Span<T> head = all.AsSpan(((variant * tokens + t) * shape.Heads + h) * shape.HeadSize, shape.HeadSize);
                    // A chunk without so many chunks before it has no keys for the variant, and nothing is written.
                    if ((Start + t) / shape.Geometry.ChunkLength < variant)
                    {
                        foreach (T element in head)
                            Compare.True(IsPoison(element), $"variant {variant} of token {Start + t}, which meets no key, was written.");
                        continue;
                    }
                    ReferenceHead query = HeadOf<T, TElement>(qkv, weights, shape, t, h);
                    Expect<T>(query.Rotated(shape.Reference.Query(Start + t, variant)), expected, limits);
                    found.AddRange(Stored<T, TElement>.Values(head));
                }
        Compare.Close("rotated", found.ToArray(), expected.ToArray(), limits.ToArray());
    }

    /// <summary>
    /// A text appended in uneven slices, and in one: right keys and values in their places, nothing else touched, and the same
    /// bits both times (T6).
    /// </summary>
    static void Append<T, TElement, TCache>(Accelerator accelerator, Inputs inputs, AttentionShape shape, HeadTraits traits)
        where T : unmanaged
        where TElement : struct, IElement<T>
        where TCache : unmanaged, ICachePack<TCache>
    {
        const int Length = 131;
        T[] qkv = Stored<T, TElement>.Round(inputs.Normal((long)Length * shape.Width));
        int[] pages = inputs.Permutation(KvLayout.Pages(Length) + 1);
        using GuardedHeadWeights weights = new(accelerator, inputs, shape, traits);
        (T[] keys, T[] values) = Cache<T, TElement, TCache>(accelerator, qkv, weights, shape, pages, [Length]);
        (T[] slicedKeys, T[] slicedValues) =
            Cache<T, TElement, TCache>(accelerator, qkv, weights, shape, pages, [1, 36, 40, 127, 128, Length]);
        Compare.Same<T>("keys appended in slices", slicedKeys, keys);
        Compare.Same<T>("values appended in slices", slicedValues, values);

        HashSet<int> filled = [];
        List<double> expected = [], limits = [], found = [];
        for (int t = 0; t < Length; t++)
            for (int h = 0; h < shape.KvHeads; h++)
            {
                int target = ((pages[t / 128] * shape.KvHeads + h) * 128 + t % 128) * shape.HeadSize;
                Expect<T>(HeadOf<T, TElement>(qkv, weights, shape, t, shape.Heads + h).Rotated(shape.Reference.Key(t)), expected, limits);
                found.AddRange(Stored<T, TElement>.Values(keys.AsSpan(target, shape.HeadSize)));
                // A sum in double, rounded to float32, has the bits of the sum in float32.
                ReferenceHead value = HeadOf<T, TElement>(qkv, weights, shape, t, shape.Heads + shape.KvHeads + h);
                Compare.Same<T>($"value of token {t}, head {h}", values.AsSpan(target, shape.HeadSize),
                    Stored<T, TElement>.Round(Array.ConvertAll(value.Values, element => (float)element)));
                filled.UnionWith(Enumerable.Range(target, shape.HeadSize));
            }
        Compare.Close("keys", found.ToArray(), expected.ToArray(), limits.ToArray());
        for (int e = 0; e < keys.Length; e++)
            Compare.True(filled.Contains(e) || IsPoison(keys[e]) && IsPoison(values[e]), $"element {e} of the cache belongs to no token and was written.");
    }

    static (T[] Keys, T[] Values) Cache<T, TElement, TCache>(Accelerator accelerator, T[] qkv, GuardedHeadWeights weights,
        AttentionShape shape, int[] pages, int[] ends)
        where T : unmanaged
        where TElement : struct, IElement<T>
        where TCache : unmanaged, ICachePack<TCache>
    {
        using GuardedBuffer<T> keys = new(accelerator, pages.Length * shape.Layout.PageElements), values = new(accelerator, pages.Length * shape.Layout.PageElements);
        using GuardedBuffer<int> pageTable = new(accelerator, pages);
        RopeAppend<T, TElement, TCache> append = new(accelerator);
        int start = 0;
        foreach (int end in ends)
        {
            using GuardedBuffer<T> slice = new(accelerator, qkv[(start * shape.Width)..(end * shape.Width)]);
            using GuardedBuffer<T> queries = new(accelerator, (long)shape.Geometry.Variants * (end - start) * shape.Heads * shape.HeadSize);
            using GuardedBuffer<float> table = new(accelerator, AngleTable(shape, end));
            append.Run(accelerator.DefaultStream, slice.View, weights.View, table.View, queries.View, KvRows<TCache>.Of<T>(keys.View),
                KvRows<TCache>.Of<T>(values.View), pageTable.View, ArrayView<int>.Empty, start, end - start,
                shape.Heads, shape.Layout, shape.Geometry);
            accelerator.Synchronize();
            start = end;
        }
        return (keys.Read(), values.Read());
    }

    static float[] AngleTable(AttentionShape shape, int tokens) => RopeTable.Create(shape.Geometry.Positions(tokens), shape.HeadSize, RotationReference.Theta);

    /// <summary>What a head of the projection's row of a token is in front of its rotation.</summary>
    static ReferenceHead HeadOf<T, TElement>(T[] qkv, GuardedHeadWeights weights, AttentionShape shape, int token, int head)
        where T : unmanaged
        where TElement : struct, IElement<T> =>
        weights.Of(Stored<T, TElement>.Values(qkv.AsSpan(token * shape.Width + head * shape.HeadSize, shape.HeadSize)), head);

    static void Expect<T>(ReferenceHead head, List<double> expected, List<double> limits)
        where T : unmanaged
    {
        for (int c = 0; c < head.Values.Length; c++)
            limits.Add(Tolerance.Storage<T>(head.Values[c], head.Errors[c]));
        expected.AddRange(head.Values);
    }

    static bool IsPoison<T>(T element)
        where T : unmanaged =>
        !System.Runtime.InteropServices.MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in element)).ContainsAnyExcept((byte)0xFF);
}
