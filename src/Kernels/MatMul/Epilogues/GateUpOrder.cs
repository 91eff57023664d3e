namespace IlgpuDca.Kernels.MatMul.Epilogues;

/// <summary>
/// The order of the feed-forward's gate and up rows in one matrix of 2 · intermediate rows. Interleaved in blocks of 8: rows
/// 16i..16i+7 are gate rows 8i..8i+7, rows 16i+8..16i+15 are up rows 8i..8i+7, so that one thread of a tensor core's tile holds
/// both sums of an output. Where 8 does not divide intermediate, all gate rows come before all up rows and
/// <see cref="SwiGlu{T, TElement}"/> joins them. <see cref="IsInterleaved"/> is the one place that decides.
/// </summary>
public static class GateUpOrder
{
    /// <summary>Rows of a block.</summary>
    public const int Block = 8;

    /// <summary>Whether a layer of this intermediate size has its rows interleaved.</summary>
    public static bool IsInterleaved(int intermediate) => intermediate % Block == 0;

    /// <summary>The interleaved row of an output's gate; its up row is <see cref="Block"/> rows further.</summary>
    public static int GateRow(int output) => output / Block * (2 * Block) + output % Block;
}
