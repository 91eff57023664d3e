using System.Buffers;

namespace IlgpuDca.Loader.Quantization;

/// <summary>A matrix [outputs, inputs] that is unpacked from several tensors of a file.</summary>
/// <param name="codes">The tensor that holds the packed codes.</param>
/// <param name="info">Name and shape of the matrix, place and bytes of the codes.</param>
/// <param name="bandRows">Rows that are best read together.</param>
public abstract class DerivedTensor(WeightTensor codes, TensorInfo info, int bandRows) : WeightTensor(codes, info)
{
    readonly long _columns = info.Shape[1];

    /// <inheritdoc/>
    public override void CheckReadable()
    {
    }

    /// <summary>Unpacks a rectangle; several rows are whole rows.</summary>
    /// <param name="row">First row.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="column">First column.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="to">rows · columns elements, row by row.</param>
    protected abstract void ReadRectangle(int row, int rows, int column, int columns, Span<float> to);

    /// <summary>What a run of elements begins with: whole rows, else a part of one.</summary>
    protected (int Row, int Rows, int Column, int Columns) Rectangle(long start, int count)
    {
        (long row, long column) = Math.DivRem(start, _columns);
        bool areWhole = column == 0 && count >= _columns;
        long columns = areWhole ? _columns : Math.Min(_columns - column, count);
        return ((int)row, areWhole ? (int)(count / _columns) : 1, (int)column, (int)columns);
    }

    /// <inheritdoc/>
    protected sealed override void Read(long start, Span<float> destination)
    {
        while (!destination.IsEmpty)
        {
            (int row, int rows, int column, int columns) = Rectangle(start, destination.Length);
            ReadRectangle(row, rows, column, columns, destination[..(rows * columns)]);
            destination = destination[(rows * columns)..];
            start += rows * columns;
        }
    }

    /// <inheritdoc/>
    protected sealed override void Read(long start, Span<ushort> destination)
    {
        long band = _columns * bandRows;
        float[] stage = ArrayPool<float>.Shared.Rent((int)Math.Min(band, destination.Length));
        try
        {
            while (!destination.IsEmpty)
            {
                // The first part ends where a band does, so that the others are whole bands.
                long toBandEnd = Math.Min(band - start % band, stage.Length);
                Span<float> part = stage.AsSpan(0, (int)Math.Min(toBandEnd, destination.Length));
                Read(start, part);
                WeightConversion.Round(part, destination);
                destination = destination[part.Length..];
                start += part.Length;
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(stage);
        }
    }
}
