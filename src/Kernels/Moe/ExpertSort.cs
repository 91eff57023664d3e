using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Kernels.Moe;

/// <summary>
/// Sorts the choices of all tokens by expert, and cuts each expert's rows into tiles for the grouped products: count, prefix sum,
/// scatter. Rows of an expert are in the order of their tokens, whatever the device does first.
/// </summary>
/// <remarks>
/// Shapes: <see cref="ExpertScratch"/>.
/// Work: a group per expert in each of two launches. The first counts its choices; the second adds up the counts of the experts
/// before it, gives each thread a run of the choices, and writes its own behind those of the threads before.
/// Traffic: the choices, three times for each expert, from L2.
/// </remarks>
public sealed class ExpertSort(Accelerator accelerator)
{
    const int GroupSize = 256;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<int>, ArrayView<int>> _count =
        accelerator.LoadKernel<ArrayView<int>, ArrayView<int>>(Count);

    readonly Action<AcceleratorStream, KernelConfig, ExpertScratch, int, int> _place =
        accelerator.LoadKernel<ExpertScratch, int, int>(Place);

    /// <param name="stream">Where the kernels are queued.</param>
    /// <param name="scratch">Choices are read; counts, rows and tiles written.</param>
    /// <param name="shape">The experts.</param>
    /// <param name="tile">Rows of a tile.</param>
    public void Run(AcceleratorStream stream, ExpertScratch scratch, ExpertShape shape, int tile)
    {
        shape.Check();
        long rows = scratch.Chosen.Length;
        if (rows == 0 || rows % shape.PerToken != 0 || scratch.Counts.Length != shape.Experts || scratch.Tokens.Length != rows || scratch.Choices.Length != rows
            || tile < ExpertScratch.SmallestTile || scratch.Tiles.Length < 1 + ExpertScratch.TileIntegers * (long)ExpertScratch.MostTiles(rows, shape.Experts, tile))
            throw new ArgumentException($"ExpertSort: {rows} choices, {scratch.Counts.Length} counts, {scratch.Tokens.Length} tokens, {scratch.Choices.Length} rows, "
                + $"{scratch.Tiles.Length} integers of tiles of {tile} rows; {shape} need as many tokens and rows as choices, {shape.Experts} counts and "
                + $"{ExpertScratch.TileElements(rows, shape.Experts)} integers.");
        KernelConfig config = new(shape.Experts, GroupSize);
        _count(stream, config, scratch.Chosen, scratch.Counts);
        _place(stream, config, scratch, shape.PerToken, tile);
    }

    static void Count(ArrayView<int> chosen, ArrayView<int> counts)
    {
        LaunchOverlap.Begin();
        int count = 0, choices = chosen.IntLength;
        for (int i = Group.IdxX; i < choices; i += GroupSize)
            count += chosen[i] == Grid.IdxX ? 1 : 0;
        GroupScan.Before((ulong)count, out ulong total);
        if (Group.IdxX == 0)
            counts[Grid.IdxX] = (int)total;
    }

    static void Place(ExpertScratch scratch, int perToken, int tile)
    {
        LaunchOverlap.Begin();
        int expert = Grid.IdxX, choices = scratch.Chosen.IntLength;
        // Rows of the experts before this one in the low half, their tiles in the high half.
        ulong mine = 0;
        for (int e = Group.IdxX; e < expert; e += GroupSize)
            mine += (uint)scratch.Counts[e] + ((ulong)(uint)Tiles(scratch.Counts[e], tile) << 32);
        GroupScan.Before(mine, out ulong before);
        int rowsBefore = (int)(uint)before, tilesBefore = (int)(before >> 32);

        int count = scratch.Counts[expert], tiles = Tiles(count, tile), end = rowsBefore + count;
        for (int t = Group.IdxX; t < tiles; t += GroupSize)
        {
            int entry = 1 + ExpertScratch.TileIntegers * (tilesBefore + t);
            scratch.Tiles[entry] = expert;
            scratch.Tiles[entry + 1] = rowsBefore + t * tile;
            scratch.Tiles[entry + 2] = end;
        }
        if (expert == Grid.DimX - 1 && Group.IdxX == 0)
            scratch.Tiles[0] = tilesBefore + tiles;

        int run = (choices + GroupSize - 1) / GroupSize, first = IntrinsicMath.Min(Group.IdxX * run, choices), last = IntrinsicMath.Min(first + run, choices);
        int own = 0;
        for (int i = first; i < last; i++)
            own += scratch.Chosen[i] == expert ? 1 : 0;
        int row = rowsBefore + (int)GroupScan.Before((ulong)own, out _);
        for (int i = first; i < last; i++)
        {
            if (scratch.Chosen[i] != expert)
                continue;
            scratch.Tokens[row] = i / perToken;
            scratch.Choices[row] = i;
            row++;
        }
    }

    static int Tiles(int rows, int tile) => (rows + tile - 1) / tile;
}
