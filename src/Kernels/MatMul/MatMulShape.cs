using IlgpuDca.Kernels.MatMul.Epilogues;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>
/// The sizes of c = a · wᵀ: a [rows, inner], w [columns, inner] (a row for each output, as checkpoints store it), c [rows, columns].
/// </summary>
public readonly record struct MatMulShape(int Rows, int Columns, int Inner)
{
    /// <summary>Throws where the operands don't have this shape.</summary>
    /// <param name="a">Elements of a.</param>
    /// <param name="w">Elements of w.</param>
    /// <param name="c">Elements of c: rows · columns, half of them where columns are pairs.</param>
    /// <param name="pairs">Whether a gate column and an up column make one output.</param>
    /// <exception cref="ArgumentException">Names each operand's elements and what they should be.</exception>
    public void Check(long a, long w, long c, bool pairs)
    {
        if (pairs && Columns % (2 * GateUpOrder.Block) != 0)
            throw new ArgumentException($"MatMul: {Columns} columns of gate and up rows; they must be a multiple of {2 * GateUpOrder.Block}.");
        long outputs = (long)Rows * Columns / (pairs ? 2 : 1);
        if (Rows <= 0 || Columns <= 0 || Inner <= 0 || a != (long)Rows * Inner || w != (long)Columns * Inner || c != outputs)
            throw new ArgumentException($"MatMul: a has {a} elements, w {w}, c {c}; {Rows} rows, {Columns} columns and {Inner} inner elements need "
                + $"{(long)Rows * Inner}, {(long)Columns * Inner} and {outputs}.");
    }
}
