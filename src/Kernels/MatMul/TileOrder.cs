using ILGPU;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>The order in which a product's tiles are taken.</summary>
static class TileOrder
{
    /// <summary>Row tiles that are taken together, so that what runs at once shares operands in L2.</summary>
    const int RowsTogether = 16;

    /// <summary>The row and column of the n-th tile.</summary>
    public static (int Row, int Column) Of(int n, int rowTiles, int columnTiles)
    {
        int band = n / (RowsTogether * columnTiles), first = band * RowsTogether;
        int rows = IntrinsicMath.Min(RowsTogether, rowTiles - first), inBand = n - first * columnTiles;
        return (first + inBand % rows, inBand / rows);
    }
}
