namespace IlgpuDca.Kernels.Quantization;

/// <summary>
/// The memory that unpacking a model's matrices takes: each as a whole, but the output matrix, the largest by far of
/// small models, in pieces.
/// </summary>
/// <param name="Weights">Elements that are unpacked at once.</param>
/// <param name="PieceElements">Elements of a piece of the logits; 0: the output matrix is one piece.</param>
public readonly record struct UnpackingRoom(long Weights, long PieceElements)
{
    /// <summary>Rows of a product that get the order of its weights at once.</summary>
    public const int ReorderedRows = 1_024;

    /// <summary>Elements of such rows; 0: all weights have their inputs in order.</summary>
    public long ReorderedElements { get; init; }

    /// <summary>Elements that are room for a piece however small the other matrices are.</summary>
    const long SmallestPiece = 1 << 24;

    /// <summary>Rows of a piece are a multiple of what tiles of products have.</summary>
    const int RowUnit = 256;

    /// <summary>The room for a model.</summary>
    /// <param name="largest">Weights of the largest quantised matrix but the output; 0: none is.</param>
    /// <param name="output">Weights of a quantised output matrix; 0: it is plain.</param>
    /// <param name="hidden">Weights of its rows.</param>
    /// <param name="rows">Most rows that it is multiplied with.</param>
    public static UnpackingRoom For(long largest, long output, int hidden, int rows)
    {
        long weights = Math.Max(largest, Math.Min(output, SmallestPiece));
        return new UnpackingRoom(weights, output > weights ? (long)PieceRows(weights, hidden) * rows : 0);
    }

    /// <summary>Rows of a matrix that are unpacked at once where not all are.</summary>
    public int PieceRows(int inner) => PieceRows(Weights, inner);

    static int PieceRows(long weights, int inner) => (int)(weights / inner / RowUnit) * RowUnit;
}
