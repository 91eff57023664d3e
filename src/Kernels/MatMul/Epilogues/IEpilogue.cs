using ILGPU;

namespace IlgpuDca.Kernels.MatMul.Epilogues;

/// <summary>
/// What a matrix product does with a finished sum: a struct without fields, passed to the kernels as a type argument.
/// </summary>
/// <typeparam name="TOut">The output's type in memory.</typeparam>
public interface IEpilogue<TOut>
    where TOut : unmanaged
{
    /// <summary>
    /// Whether a gate column and an up column make one output: the rows of w are interleaved as <see cref="GateUpOrder"/> says.
    /// </summary>
    static abstract bool Pairs { get; }

    /// <summary>Writes one output.</summary>
    /// <param name="c">The output.</param>
    /// <param name="index">Which element.</param>
    /// <param name="sum">The product; of the gate's row where <see cref="Pairs"/>.</param>
    /// <param name="up">The product of the up row where <see cref="Pairs"/>, else unused.</param>
    static abstract void Write(ArrayView<TOut> c, long index, float sum, float up);

    /// <summary>Writes the outputs 2 · pair and 2 · pair + 1 at once.</summary>
    static abstract void WriteTwo(
        ArrayView<TOut> c, long pair, float first, float second, float firstUp, float secondUp);
}
