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

    /// <summary>Rows of tiles, all parts and columns together, whose partial sums there is room for.</summary>
    public static int PartialRows(int multiprocessors) => 2 * 64 * Math.Max(16, multiprocessors);

    /// <summary>The fastest by a count of cycles whose constants were fitted to measurements on an H100.</summary>
    public static WeightsFirstPlan For(MatMulShape shape, CodeFormat format, int multiprocessors)
    {
        WeightsFirstPlan best = default;
        long least = long.MaxValue;
        const int columns = WeightsFirstKernel<WideEpilogue>.TileColumns, span = WeightsFirstKernel<WideEpilogue>.Span;
        int columnTiles = (shape.Columns + columns - 1) / columns, spans = (shape.Inner + span - 1) / span;
        foreach (int rows in (ReadOnlySpan<int>)[16, 32, 64, 128, 192, 256])
            for (int parts = 1; parts <= Math.Min(MostParts, spans); parts++)
            {
                long items = (long)((shape.Rows + rows - 1) / rows) * columnTiles * parts;
                if (parts > 1 && !HasRoom(rows, items, multiprocessors))
                    break;
                int steps = span / format.Depth * ((spans + parts - 1) / parts);
                long cycles = format.IsPlain ? Plain(items, columnTiles * parts, steps, rows, multiprocessors)
                    : format.IsFloat8 ? Float8(items, steps, rows, multiprocessors)
                    : Quantized(items, steps, rows, multiprocessors);
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
    static long Quantized(long items, int steps, int tileRows, int multiprocessors)
    {
        int resident = WeightsFirstKernel<WideEpilogue>.Resident(tileRows);
        int step = resident == 1 ? 400 + 13 * tileRows / 4
            : items <= multiprocessors ? 850 + 5 * tileRows
            : 1000 + 8 * tileRows;
        return Rounds(items, multiprocessors * resident) * (steps * step + 1500 + 10 * tileRows);
    }

    /// <summary>Bound by what one group can fetch, by the memory, or by the tensor cores.</summary>
    static long Plain(long items, long weightItems, int steps, int tileRows, int multiprocessors)
    {
        bool isLight = WeightsFirstKernel<WideEpilogue>.Resident(tileRows) == 2;
        int step = Math.Max(340 + (isLight ? 7 * tileRows : 5 * tileRows / 2), 4 * tileRows);
        long fetched = weightItems * steps * 1300 / multiprocessors;
        return Math.Max(Rounds(items, multiprocessors) * steps * step, fetched) + 1500 + 10 * tileRows;
    }

    /// <summary>Bound by what one group can fetch, or by the tensor cores and by adding up what they give in turn.</summary>
    static long Float8(long items, int steps, int tileRows, int multiprocessors)
    {
        bool isLight = WeightsFirstKernel<WideEpilogue>.Resident(tileRows) == 2;
        int step = Math.Max(340 + (isLight ? 7 * tileRows : 5 * tileRows / 2), 6 * tileRows);
        return Rounds(items, multiprocessors) * steps * step + 1500 + 10 * tileRows;
    }

    static long Rounds(long items, int groups) => (items + groups - 1) / groups;
}
