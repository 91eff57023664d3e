namespace IlgpuDca.Loader.Quantization;

/// <summary>
/// A query or key matrix whose file has each head's rows as pairs that RoPE rotates together, read as halves.
/// <code>
/// row of the file   head · head_dim + 2 · pair + half
/// is read as row    head · head_dim + half · head_dim / 2 + pair
/// </code>
/// </summary>
/// <remarks>
/// llama.cpp stores the architecture <c>llama</c> so, and llama2.c everything. A bias has rows of one element.
/// </remarks>
/// <param name="bytes">The file.</param>
/// <param name="info">Its entry; rows are whole heads.</param>
/// <param name="headDim">Rows of a head; even.</param>
public sealed class InterleavedHeadsTensor(FileBytes bytes, TensorInfo info, int headDim) : WeightTensor(bytes, info)
{
    readonly long _rowElements = info.Shape.Length > 1 ? info.Shape[^1] : 1;

    /// <summary>The file's row that is read as this row.</summary>
    public long StoredRow(long row)
    {
        (long head, long within) = Math.DivRem(row, headDim);
        (long half, long pair) = Math.DivRem(within, headDim / 2);
        return head * headDim + 2 * pair + half;
    }

    /// <inheritdoc/>
    protected override void Read(long start, Span<float> destination)
    {
        while (!destination.IsEmpty)
        {
            (long stored, int count) = NextRun(start, destination.Length);
            base.Read(stored, destination[..count]);
            destination = destination[count..];
            start += count;
        }
    }

    /// <inheritdoc/>
    protected override void Read(long start, Span<ushort> destination)
    {
        while (!destination.IsEmpty)
        {
            (long stored, int count) = NextRun(start, destination.Length);
            base.Read(stored, destination[..count]);
            destination = destination[count..];
            start += count;
        }
    }

    /// <inheritdoc/>
    protected override void ReadScales(long start, Span<float> scales, Span<float> offsets)
    {
        int group = Grouped!.Value.Group;
        while (!scales.IsEmpty)
        {
            (long stored, int count) = NextRun(start, scales.Length * group);
            base.ReadScales(stored, scales[..(count / group)], offsets[..(count / group)]);
            scales = scales[(count / group)..];
            offsets = offsets[(count / group)..];
            start += count;
        }
    }

    (long Stored, int Count) NextRun(long start, int most)
    {
        (long row, long column) = Math.DivRem(start, _rowElements);
        return (StoredRow(row) * _rowElements + column, (int)Math.Min(_rowElements - column, most));
    }
}
