namespace IlgpuDca.Kernels.Hopper;

/// <summary>How a <see cref="WeightsFirstKernel{TEpilogue}"/> is divided into work.</summary>
/// <param name="RowTiles">Tiles along the rows.</param>
/// <param name="ColumnTiles">Tiles along the columns.</param>
/// <param name="Spans">Spans of 128 elements along k.</param>
/// <param name="Parts">Parts that the spans of a tile are cut into.</param>
/// <param name="Columns">Rows of w.</param>
/// <param name="Inner">Elements along k.</param>
readonly record struct WeightsFirstSizes(int RowTiles, int ColumnTiles, int Spans, int Parts, int Columns, int Inner)
{
    /// <summary>Row tiles that are taken together, so that what runs at once shares operands in L2.</summary>
    const int RowsTogether = 8;

    /// <summary>Pieces of work.</summary>
    public int Items => RowTiles * ColumnTiles * Parts;

    /// <summary>The row and column of the n-th tile.</summary>
    public (int Row, int Column) Tile(int n)
    {
        int band = n / (RowsTogether * ColumnTiles), first = band * RowsTogether;
        int rows = Math.Min(RowsTogether, RowTiles - first), inBand = n - first * ColumnTiles;
        return (first + inBand % rows, inBand / rows);
    }

    /// <summary>The first span of a tile's part; that of the part after the last is the end.</summary>
    public int FirstSpan(int part) => (int)((long)part * Spans / Parts);
}
