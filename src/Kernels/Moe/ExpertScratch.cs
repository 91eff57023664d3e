using ILGPU;

namespace IlgpuDca.Kernels.Moe;

/// <summary>Where the tokens of a slice go, on the device: which experts, with which weights, and in which order experts read them.</summary>
/// <param name="Logits">[tokens, experts] float32: the router's product.</param>
/// <param name="Chosen">[tokens, perToken]: experts.</param>
/// <param name="Weights">[tokens, perToken].</param>
/// <param name="Counts">[experts]: tokens that chose the expert.</param>
/// <param name="Tokens">[tokens · perToken]: the token of every row, rows sorted by expert.</param>
/// <param name="Choices">[tokens · perToken]: the place in <see cref="Chosen"/> of every row.</param>
/// <param name="Tiles">[<see cref="TileElements"/>]: how many tiles of rows there are; for each its expert, its first row, the row after its expert's last.</param>
public readonly record struct ExpertScratch(
    ArrayView<float> Logits, ArrayView<int> Chosen, ArrayView<float> Weights, ArrayView<int> Counts, ArrayView<int> Tokens, ArrayView<int> Choices,
    ArrayView<int> Tiles)
{
    /// <summary>Rows of the smallest tile.</summary>
    public const int SmallestTile = 64;

    /// <summary>Integers of a tile.</summary>
    public const int TileIntegers = 3;

    /// <summary>Most tiles of some rows that as many experts can have: each expert's last may be part of one.</summary>
    public static int MostTiles(long rows, int experts, int tile) => (int)(rows / tile + Math.Min(rows, experts));

    /// <summary>Integers of <see cref="Tiles"/>.</summary>
    public static long TileElements(long rows, int experts) => 1 + TileIntegers * (long)MostTiles(rows, experts, SmallestTile);

    /// <summary>The part for some tokens.</summary>
    public ExpertScratch For(int tokens, ExpertShape shape)
    {
        long rows = (long)tokens * shape.PerToken;
        return this with
        {
            Logits = Logits.SubView(0, (long)tokens * shape.Experts),
            Chosen = Chosen.SubView(0, rows),
            Weights = Weights.SubView(0, rows),
            Tokens = Tokens.SubView(0, rows),
            Choices = Choices.SubView(0, rows),
        };
    }
}
