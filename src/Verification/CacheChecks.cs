using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;

namespace IlgpuDca.Verification;

/// <summary>What a quantised KV cache takes in: each row's scale, and each element within half a step of what it stands for.</summary>
static class CacheChecks
{
    const int Length = 131;

    /// <summary>Heads that fill less than a warp, one, and two.</summary>
    static readonly (int HeadSize, int Heads, int KvHeads)[] s_heads = [(8, 1, 1), (40, 6, 3), (128, 2, 1), (256, 3, 3)];

    static readonly (DcaGeometry Geometry, HeadTraits Traits)[] s_traits =
        [(DcaGeometry.Dense, default), (new(37, 53), default), (new(37, 53), new(true, true))];

    public static IEnumerable<Check> Of<T, TElement, TCache>()
        where T : unmanaged
        where TElement : struct, IElement<T>
        where TCache : unmanaged, ICachePack<TCache>
    {
        foreach ((int headSize, int heads, int kvHeads) in s_heads)
            foreach ((DcaGeometry geometry, HeadTraits traits) in s_traits)
            {
                AttentionShape shape = new(heads, kvHeads, headSize, geometry);
                yield return NewCheck.Of($"RopeAppend's cache{traits} {shape} {Stored<T, TElement>.Name} {CacheReference.Name<TCache>()}",
                    (accelerator, inputs) => Append<T, TElement, TCache>(accelerator, inputs, shape, traits));
            }
    }

    static void Append<T, TElement, TCache>(Accelerator accelerator, Inputs inputs, AttentionShape shape, HeadTraits traits)
        where T : unmanaged
        where TElement : struct, IElement<T>
        where TCache : unmanaged, ICachePack<TCache>
    {
        float[] numbers = inputs.Normal((long)Length * shape.Width);
        // A row of zeros has no largest element to be measured by.
        Array.Clear(numbers, 5 * shape.Width, shape.Width);
        T[] qkv = Stored<T, TElement>.Round(numbers);
        int[] pages = inputs.Permutation(KvLayout.Pages(Length) + 1);
        using GuardedHeadWeights weights = new(accelerator, inputs, shape, traits);
        using GuardedRows<TCache> keys = GuardedRows<TCache>.Empty(accelerator, shape.Layout, pages.Length), values = GuardedRows<TCache>.Empty(accelerator, shape.Layout, pages.Length);
        Append<T, TElement, TCache>(accelerator, qkv, weights, shape, pages, [1, 36, 40, 127, 128, Length], keys, values);
        using GuardedRows<TCache> wholeKeys = GuardedRows<TCache>.Empty(accelerator, shape.Layout, pages.Length), wholeValues = GuardedRows<TCache>.Empty(accelerator, shape.Layout, pages.Length);
        Append<T, TElement, TCache>(accelerator, qkv, weights, shape, pages, [Length], wholeKeys, wholeValues);
        (TCache[] keyPacks, float[] keyScales) = keys.Read();
        (TCache[] valuePacks, float[] valueScales) = values.Read();
        Compare.Same<TCache>("keys appended in slices", keyPacks, wholeKeys.Read().Packs);
        Compare.Same<float>("their scales", keyScales, wholeKeys.Read().Scales);
        Compare.Same<TCache>("values appended in slices", valuePacks, wholeValues.Read().Packs);

        HashSet<int> filled = [];
        int size = shape.HeadSize;
        for (int t = 0; t < Length; t++)
            for (int h = 0; h < shape.KvHeads; h++)
            {
                int place = (int)KvLayout.Row(pages[t / 128], shape.KvHeads, h, t, 1);
                ReferenceHead key = Head(shape.Heads + h).Rotated(shape.Reference.Key(t));
                Row($"key of token {t}, head {h}", keyPacks, keyScales[place], place, key);
                Row($"value of token {t}, head {h}", valuePacks, valueScales[place], place, Head(shape.Heads + shape.KvHeads + h));
                ReferenceHead Head(int head) =>
                    weights.Of(Stored<T, TElement>.Values(qkv.AsSpan(t * shape.Width + head * size, size)), head);
                filled.Add(place);
            }
        for (int place = 0; place < keyScales.Length; place++)
            Compare.True(filled.Contains(place) || float.IsNaN(keyScales[place]) && float.IsNaN(valueScales[place]) && IsPoison(keyPacks, place, size) && IsPoison(valuePacks, place, size),
                $"row {place} of the cache belongs to no token and was written.");
    }

    static void Append<T, TElement, TCache>(Accelerator accelerator, T[] qkv, GuardedHeadWeights weights, AttentionShape shape, int[] pages,
        int[] ends, GuardedRows<TCache> keys, GuardedRows<TCache> values)
        where T : unmanaged
        where TElement : struct, IElement<T>
        where TCache : unmanaged, ICachePack<TCache>
    {
        RopeAppend<T, TElement, TCache> append = new(accelerator);
        using GuardedBuffer<int> pageTable = new(accelerator, pages);
        using GuardedBuffer<float> table = new(accelerator, RopeTable.Create(shape.Geometry.Positions(Length), shape.HeadSize, RotationReference.Theta));
        int start = 0;
        foreach (int end in ends)
        {
            using GuardedBuffer<T> slice = new(accelerator, qkv[(start * shape.Width)..(end * shape.Width)]);
            using GuardedBuffer<T> queries = new(accelerator, (long)shape.Geometry.Variants * (end - start) * shape.Heads * shape.HeadSize);
            append.Run(accelerator.DefaultStream, slice.View, weights.View, table.View, queries.View, keys.View, values.View,
                pageTable.View, ArrayView<int>.Empty, start, end - start, shape.Heads, shape.Layout, shape.Geometry);
            accelerator.Synchronize();
            start = end;
        }
    }

    /// <summary>
    /// The scale is that of the largest element; every element is as near as its type allows, but for the head's errors and the scale's.
    /// </summary>
    static void Row<TCache>(string name, TCache[] packs, float scale, int place, ReferenceHead head)
        where TCache : unmanaged, ICachePack<TCache>
    {
        (double[] expected, double[] errors) = head;
        double largest = expected.Max(Math.Abs), error = errors.Max() + 2 * Tolerance.U * largest;
        double[] codes = CacheReference.Codes<TCache>(Bytes(packs, place, expected.Length));
        double full = typeof(TCache) == typeof(Fp8x8) ? 448 : typeof(TCache) == typeof(Int8x8) ? 127 : 8;
        // Scales of whole numbers are rounded away from zero to 11 significant bits.
        double coarse = typeof(TCache) == typeof(Fp8x8) ? 0 : Math.ScaleB(largest, -10);
        Compare.Close($"largest magnitude of the {name}", [Math.Abs(scale) * full], [largest], [error + Tolerance.U * largest + coarse]);
        for (int c = 0; c < expected.Length; c++)
        {
            double limit = scale == 0 ? 0 : CacheReference.HalfStep<TCache>(expected[c] / scale) * Math.Abs(scale) * (1 + 8 * Tolerance.U) + errors[c] + 4 * Tolerance.U * largest;
            Compare.Close($"element {c} of the {name}", [codes[c] * scale], [expected[c]], [limit]);
        }
    }

    static bool IsPoison<TCache>(TCache[] packs, int place, int size)
        where TCache : unmanaged, ICachePack<TCache> => !Bytes(packs, place, size).ContainsAnyExcept((byte)0xFF);

    static ReadOnlySpan<byte> Bytes<TCache>(TCache[] packs, int place, int size)
        where TCache : unmanaged, ICachePack<TCache>
    {
        int bytes = CacheReference.RowBytes<TCache>(size);
        return MemoryMarshal.AsBytes(packs.AsSpan()).Slice(place * bytes, bytes);
    }
}
