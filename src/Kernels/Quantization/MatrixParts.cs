using System.Collections.Immutable;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Quantization;

/// <summary>Quantised matrices whose rows are those of one, one after the other.</summary>
static class MatrixParts
{
    /// <summary>Every part with its first row and their number.</summary>
    /// <exception cref="ArgumentException">They are not as many rows as the product has columns.</exception>
    public static IEnumerable<(QuantizedMatrix Part, int First, int Rows)> WithRows(
        this ImmutableArray<QuantizedMatrix> parts, MatMulShape shape)
    {
        long weights = parts.Sum(part => part.Weights);
        if (weights != (long)shape.Columns * shape.Inner)
            throw new ArgumentException($"{weights} quantised weights for {shape.Columns} columns of {shape.Inner}.");
        int first = 0;
        foreach (QuantizedMatrix part in parts)
        {
            int rows = (int)(part.Weights / shape.Inner);
            yield return (part, first, rows);
            first += rows;
        }
    }
}
