using ILGPU;

namespace IlgpuDca.Kernels.Moe;

/// <summary>The sizes of one product for all experts.</summary>
/// <param name="Experts">Matrices.</param>
/// <param name="Rows">Rows of all experts together: tokens · perToken.</param>
/// <param name="Columns">Rows of an expert's matrix.</param>
/// <param name="Inner">Elements of each.</param>
public readonly record struct ExpertProduct(int Experts, int Rows, int Columns, int Inner)
{
    /// <summary>Most groups along the grid's second side, by CUDA.</summary>
    const int MostTiles = 65_535;

    /// <summary>The grid of a product by tiles; throws where the operands don't have these sizes.</summary>
    /// <exception cref="ArgumentException">Names each operand's elements and what they should be.</exception>
    internal Index3D Grid(long a, long w, long c, long list, long tiles, int side, bool pairs)
    {
        int most = ExpertScratch.MostTiles(Rows, Experts, side);
        long outputs = (long)Rows * Columns / (pairs ? 2 : 1), weights = (long)Experts * Columns * Inner;
        // a has a row for each of the product's, or for each token.
        if (Rows <= 0 || a == 0 || a % Inner != 0 || a > (long)Rows * Inner || w != weights || c != outputs || list != Rows
            || tiles < 1 + ExpertScratch.TileIntegers * (long)most || most > MostTiles)
            throw new ArgumentException($"experts' product: a has {a} elements, w {w}, c {c}, the list {list}, {tiles} integers of tiles; {this} need "
                + $"rows of {Inner}, {weights}, {outputs}, {Rows}, {1 + ExpertScratch.TileIntegers * (long)most}, and at most {MostTiles} tiles.");
        return new Index3D((Columns + side - 1) / side, most, 1);
    }
}
