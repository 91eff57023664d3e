using ILGPU;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>
/// The sizes of c = a · wᵀ: a [rows, inner], w [columns, inner] (a row for each output, as checkpoints store it), c [rows, columns].
/// </summary>
public readonly record struct MatMulShape(int Rows, int Columns, int Inner)
{
    /// <summary>Throws where the operands don't have this shape.</summary>
    /// <exception cref="ArgumentException">Names each operand's elements and what they should be.</exception>
    public void Check(long a, long w, long c)
    {
        if (Rows <= 0 || Columns <= 0 || Inner <= 0 || a != (long)Rows * Inner || w != (long)Columns * Inner || c != (long)Rows * Columns)
            throw new ArgumentException($"MatMul: a has {a} elements, w {w}, c {c}; {Rows} rows, {Columns} columns and {Inner} inner elements need "
                + $"{(long)Rows * Inner}, {(long)Columns * Inner} and {(long)Rows * Columns}.");
    }
}
