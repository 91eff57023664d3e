using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>
/// The tile of <see cref="WeightsFirstKernel{TEpilogue}"/> that suits a product, and the parts that k is cut into.
/// </summary>
/// <param name="TileRows">Rows of a tile.</param>
/// <param name="Parts">Parts along k.</param>
readonly record struct WeightsFirstPlan(int TileRows, int Parts)
{
    const int MostParts = 8;

    /// <summary>Rows of tiles; three of 176 hold 512.</summary>
    static ReadOnlySpan<int> TileSizes => [16, 32, 64, 128, 176, 192, 256];

    /// <summary>Rows of tiles, all parts and columns together, whose partial sums there is room for.</summary>
    public static int PartialRows(int multiprocessors) => 2 * 64 * Math.Max(16, multiprocessors);

    /// <summary>The fastest by a count of cycles whose constants were fitted to measurements on an H100.</summary>
    public static WeightsFirstPlan For(MatMulShape shape, CodeFormat format, int multiprocessors)
    {
        WeightsFirstPlan best = default;
        long least = long.MaxValue;
        const int columns = WeightsFirstKernel<WideEpilogue>.TileColumns, span = WeightsFirstKernel<WideEpilogue>.Span;
        int columnTiles = (shape.Columns + columns - 1) / columns, spans = (shape.Inner + span - 1) / span;
        int most = format.IsFloat8 ? Float8Product.MostRows : int.MaxValue;
        foreach (int rows in TileSizes)
            for (int parts = 1; rows <= most && parts <= Math.Min(MostParts, spans); parts++)
            {
                long items = (long)((shape.Rows + rows - 1) / rows) * columnTiles * parts;
                if (parts > 1 && !HasRoom(rows, items, multiprocessors))
                    break;
                int steps = span / format.Depth * ((spans + parts - 1) / parts);
                long cycles = format.IsPlain || format.IsFloat8
                    ? Unconverted(items, columnTiles * parts, steps, rows, format.IsFloat8, multiprocessors)
                    : Converted(items, steps, rows, multiprocessors);
                if (parts > 1)
                    cycles += 1500 + parts * (500 + 30 * rows);
                if (cycles < least)
                    (best, least) = (new WeightsFirstPlan(rows, parts), cycles);
            }
        return best;
    }

    /// <summary>Whether the sums of so many parts of tiles have room.</summary>
    public static bool HasRoom(int tileRows, long items, int multiprocessors) =>
        tileRows <= WeightsFirstKernel<WideEpilogue>.MostPartRows && items * tileRows <= PartialRows(multiprocessors);

    /// <summary>Narrow tiles are bound by conversion, wide ones by the tensor cores.</summary>
    static long Converted(long items, int steps, int tileRows, int multiprocessors)
    {
        int resident = WeightsFirstKernel<WideEpilogue>.Resident(tileRows);
        int step = resident == 1 ? 400 + 13 * tileRows / 4
            : items <= multiprocessors ? 850 + 5 * tileRows
            : 1000 + 8 * tileRows;
        return Rounds(items, multiprocessors * resident) * (steps * step + 1500 + 10 * tileRows);
    }

    /// <summary>Bound by what one group can fetch, by the memory, or by the tensor cores.</summary>
    static long Unconverted(
        long items, long weightItems, int steps, int tileRows, bool isFloat8, int multiprocessors)
    {
        bool isLight = WeightsFirstKernel<WideEpilogue>.Resident(tileRows) == 2;
        int step = isFloat8 ? isLight ? 480 + 5 * tileRows : 1050
            : Math.Max(340 + (isLight ? 7 * tileRows : 5 * tileRows / 2), 4 * tileRows);
        long fetched = weightItems * steps * 1300 / multiprocessors;
        return Math.Max(Rounds(items, multiprocessors) * steps * step, fetched) + 1500 + 10 * tileRows;
    }

    static long Rounds(long items, int groups) => (items + groups - 1) / groups;
}
