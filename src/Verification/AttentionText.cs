using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;

namespace IlgpuDca.Verification;

/// <summary>
/// A text of random queries, keys and values, rotated on the host in double and rounded to storage, so that the attention kernels
/// and the reference read the same numbers. Pages lie in random order among unused ones; what no token fills is NaN.
/// </summary>
sealed class AttentionText<T, TElement, TCache>
    where T : unmanaged
    where TElement : struct, IElement<T>
    where TCache : unmanaged, ICachePack<TCache>
{
    readonly AttentionShape _shape;
    readonly int _length;
    readonly T[] _queries;
    readonly double[] _queryValues;
    readonly PagedRows<T, TElement, TCache> _keys, _values;
    readonly int[] _pageTable;

    public AttentionText(AttentionShape shape, float[] qkv, int[] pageOrder)
    {
        (_shape, _length) = (shape, qkv.Length / shape.Width);
        int headSize = shape.HeadSize, heads = shape.Heads, kvHeads = shape.KvHeads;
        float[] queries = new float[shape.Geometry.Variants * _length * heads * headSize];
        float[] keys = new float[_length * kvHeads * headSize], values = new float[keys.Length];
        for (int t = 0; t < _length; t++)
        {
            ReadOnlySpan<float> row = qkv.AsSpan(t * shape.Width, shape.Width);
            for (int variant = 0; variant < shape.Geometry.Variants; variant++)
                for (int h = 0; h < heads; h++)
                    Rotate(row.Slice(h * headSize, headSize), shape.Reference.Query(t, variant), queries, ((variant * _length + t) * heads + h) * headSize);
            for (int h = 0; h < kvHeads; h++)
                Rotate(row.Slice((heads + h) * headSize, headSize), shape.Reference.Key(t), keys, (t * kvHeads + h) * headSize);
            row[((heads + kvHeads) * headSize)..].CopyTo(values.AsSpan(t * kvHeads * headSize));
        }
        _queries = Stored<T, TElement>.Round(queries);
        _queryValues = Stored<T, TElement>.Values(_queries);
        _pageTable = pageOrder[..KvLayout.Pages(_length)];
        _keys = new PagedRows<T, TElement, TCache>(shape, keys, _pageTable, pageOrder.Length);
        _values = new PagedRows<T, TElement, TCache>(shape, values, _pageTable, pageOrder.Length);
    }

    /// <summary>A random text; two pages are left unused.</summary>
    public static AttentionText<T, TElement, TCache> Random(Inputs inputs, AttentionShape shape, int length) =>
        new(shape, inputs.Normal((long)length * shape.Width), inputs.Permutation(KvLayout.Pages(length) + 2));

    /// <summary>The prefill kernel's output for a slice [start, start + tokens).</summary>
    public T[] Prefill(Accelerator accelerator, int start, int tokens) => Prefill(accelerator, new FlashAttention<T, TElement, TCache>(accelerator), start, tokens);

    /// <summary>The same by a given kernel.</summary>
    public T[] Prefill(Accelerator accelerator, PrefillAttention<T, TCache> kernel, int start, int tokens)
    {
        using GuardedRows<TCache> keys = _keys.Upload(accelerator), values = _values.Upload(accelerator);
        using GuardedBuffer<T> queries = new(accelerator, Queries(start, tokens)), output = new(accelerator, tokens * _shape.Heads * _shape.HeadSize);
        using GuardedBuffer<int> pageTable = new(accelerator, _pageTable);
        kernel.Run(accelerator.DefaultStream, queries.View, keys.View, values.View, pageTable.View, output.View,
            start, tokens, _shape.Heads, _shape.Layout, _shape.Geometry, _shape.Scale);
        return output.Read();
    }

    /// <summary>The decoding kernel's output for one token, its keys cut into some parts.</summary>
    /// <param name="accelerator">Where it runs.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="token">The query's place.</param>
    /// <param name="splits">Parts.</param>
    /// <param name="onDevice">Whether the kernel reads the place from the device.</param>
    public T[] Decode(Accelerator accelerator, DecodingAttention<T, TCache> kernel, int token, int splits, bool onDevice = false)
    {
        using GuardedRows<TCache> keys = _keys.Upload(accelerator), values = _values.Upload(accelerator);
        using GuardedBuffer<T> queries = new(accelerator, Queries(token, 1)), output = new(accelerator, _shape.Heads * _shape.HeadSize);
        using GuardedBuffer<int> pageTable = new(accelerator, _pageTable), position = new(accelerator, onDevice ? [token] : []), arrivals = new(accelerator, new int[_shape.Heads]);
        using GuardedBuffer<float> partial = new(accelerator, DecodingScratch.PartialElements(_shape.Heads, _shape.HeadSize));
        kernel.Run(accelerator.DefaultStream, queries.View, keys.View, values.View, pageTable.View, position.View,
            new DecodingScratch(partial.View, arrivals.View), output.View, onDevice ? 0 : token, splits, _shape.Heads, _shape.Layout, _shape.Geometry, _shape.Scale);
        partial.Read();
        Compare.Same<int>("counters after the launch", arrivals.Read(), new int[_shape.Heads]);
        return output.Read();
    }

    /// <summary>The reference's rows of a slice, with each element's limit.</summary>
    /// <param name="start">First token.</param>
    /// <param name="tokens">Rows.</param>
    /// <param name="merged">Whether three softmaxes are merged, instead of one.</param>
    public (double[] Output, double[] Limits) Expected(int start, int tokens, bool merged = false, bool tensorCore = false)
    {
        int headSize = _shape.HeadSize;
        List<double> output = [], limits = [];
        for (int i = start; i < start + tokens; i++)
            for (int h = 0; h < _shape.Heads; h++)
            {
                int token = i, kvHead = h / (_shape.Heads / _shape.KvHeads);
                // The keys of the window and of the visible chunks alone take part.
                int seen = (int)Math.Max(0, i + 1L - _shape.Geometry.Window);
                while (_shape.Reference.Distance(i, seen) >= _shape.Geometry.VisibleChunks)
                    seen++;
                double[] scores = new double[i + 1 - seen];
                double magnitude = 0;
                for (int j = seen; j <= i; j++)
                {
                    int query = ((_shape.Reference.Distance(i, j) * _length + i) * _shape.Heads + h) * headSize, key = (j * _shape.KvHeads + kvHead) * headSize;
                    double product = 0, sum = 0;
                    for (int c = 0; c < headSize; c++)
                    {
                        product += _queryValues[query + c] * _keys.Values[key + c];
                        sum += Math.Abs(_queryValues[query + c] * _keys.Values[key + c]);
                    }
                    scores[j - seen] = _shape.Scale * product;
                    magnitude = Math.Max(magnitude, _shape.Scale * sum);
                }
                double Value(int j, int c) => _values.Values[((j + seen) * _shape.KvHeads + kvHead) * headSize + c];
                (double[] direct, double[] values) = AttentionRow.Direct(scores, Value, headSize);
                double[] row = merged ? AttentionRow.Merged(scores, j => _shape.Reference.Distance(token, j + seen), Value, headSize) : direct;
                double range = scores.Max() - scores.Min();
                // Scales cost a product or two for a score and for a value; tensor cores may take elements times their scale, rounded to bfloat16.
                double scaled = !default(TCache).IsScaled ? 0 : tensorCore ? Tolerance.BFloat16U + 2 * Tolerance.U : 2 * Tolerance.U;
                double relative = scaled + (1 + scaled) * (tensorCore ? Tolerance.TensorCoreAttention(headSize, i + 1, i / 16 + 4, magnitude, range, scaled * magnitude)
                    : Tolerance.Attention(headSize, i + 1, i / 16 + 4, magnitude, range, scaled * magnitude));
                output.AddRange(row);
                limits.AddRange(row.Select((value, c) => Tolerance.Storage<T>(value, relative * values[c])));
            }
        return ([.. output], [.. limits]);
    }

    static void Rotate(ReadOnlySpan<float> head, int position, float[] target, int offset)
    {
        double[] rotated = RotationReference.Rotate(head, position);
        for (int c = 0; c < rotated.Length; c++)
            target[offset + c] = (float)rotated[c];
    }

    /// <summary>Every variant's queries of a slice.</summary>
    T[] Queries(int start, int tokens)
    {
        int row = _shape.Heads * _shape.HeadSize;
        List<T> slice = [];
        for (int variant = 0; variant < _shape.Geometry.Variants; variant++)
            slice.AddRange(_queries.AsSpan((variant * _length + start) * row, tokens * row));
        return [.. slice];
    }
}
