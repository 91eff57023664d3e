using System.Collections.Immutable;

namespace IlgpuDca.Loader;

/// <summary>A tensor that is to be written.</summary>
/// <param name="Name">GGUF's.</param>
/// <param name="Type">As which it is written.</param>
/// <param name="Shape">Outermost dimension first.</param>
/// <param name="Parts">Tensors of equal shape that lie in it one after the other; one but for experts.</param>
/// <param name="HeadDim">Rows of a head whose halves are written as pairs; 0 where rows stay in order.</param>
sealed record GgufWriterTensor(
    string Name, TensorType Type, ImmutableArray<long> Shape, IReadOnlyList<WeightTensor> Parts, int HeadDim)
{
    /// <summary>Of all parts.</summary>
    public long Elements => Parts.Sum(part => part.Info.Elements);

    /// <summary>As written.</summary>
    public long ByteLength => Elements / Type.BlockElements() * Type.BlockBytes();

    /// <summary>How messages call the file it comes from.</summary>
    public string Source => Parts[0].File;

    /// <summary>Elements in the order in which they are written.</summary>
    public void Read(long start, Span<float> to)
    {
        long partElements = Parts[0].Info.Elements, row = Shape.Length > 1 ? Shape[^1] : 1;
        while (!to.IsEmpty)
        {
            (long part, long within) = Math.DivRem(start, partElements);
            long from = within, most = partElements - within;
            if (HeadDim > 0)
            {
                (long written, long column) = Math.DivRem(within, row);
                (from, most) = (SourceRow(written) * row + column, row - column);
            }
            int count = (int)Math.Min(most, to.Length);
            Parts[(int)part].ToFloat32(from, to[..count]);
            to = to[count..];
            start += count;
        }
    }

    long SourceRow(long written)
    {
        (long head, long within) = Math.DivRem(written, HeadDim);
        (long pair, long half) = Math.DivRem(within, 2);
        return head * HeadDim + half * (HeadDim / 2) + pair;
    }
}
