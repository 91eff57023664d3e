using ILGPU;
using IlgpuDca.Kernels.MatMul.Epilogues;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>
/// The work of one group of a product on tensor cores: a tile of outputs, for rows that lie one after the other or that
/// a list names.
/// </summary>
/// <remarks>
/// A warp computes 64 × 64 outputs as 4 × 8 tiles of m16n8k16; two warps stand below each other. Copies of later steps
/// run beside the multiplications into a ring of stages, fragments of the next 16 along k are loaded beside those of
/// this one, and one barrier a step says both that a stage is there and that the one before it may be overwritten.
/// </remarks>
static class TensorCoreTile<TTile, TOut, TEpilogue, TRows, TColumns>
    where TTile : struct, ITensorCoreTile
    where TOut : unmanaged
    where TEpilogue : struct, IEpilogue<TOut>
    where TRows : struct, IProductRows
    where TColumns : struct, IProductColumns
{
    /// <summary>Outputs of a group along the rows.</summary>
    public const int Rows = 128;

    const int WarpSide = 64, TilesM = WarpSide / 16, TilesN = WarpSide / 8;

    /// <summary>Words of the fragments of 64 rows or columns and 16 along k.</summary>
    const int FragmentWords = 16;

    static int StepPacks => TTile.Step / 8;

    /// <summary>16-byte parts of a block of rows that each thread copies, and how far apart they are.</summary>
    static int PartRows => TTile.Columns / FragmentTile.BlockPacks;

    static int PartsOfA => Rows / PartRows;

    static int PacksOfA => Rows * StepPacks;

    static int StagePacks => PacksOfA + TColumns.StagePacks;

    /// <summary>Packs of shared memory of the ring; what columns have of their own follows.</summary>
    public static int SharedPacks => TTile.Stages * StagePacks;

    /// <summary>Throws where an operand has more packs than a thread counts.</summary>
    /// <param name="a">Elements of a.</param>
    /// <param name="w">Elements of w, or of one of them.</param>
    public static void CheckSizes(long a, long w)
    {
        if (a / 8 > int.MaxValue || w / 8 > int.MaxValue)
            throw new ArgumentException($"a product on tensor cores: a has {a} elements, w {w}; at most "
                + $"{8L * int.MaxValue} can be multiplied at once.");
    }

    /// <summary>Computes the tile, in kernels.</summary>
    /// <param name="a">Rows of packs.</param>
    /// <param name="source">How the columns, rows of w, come.</param>
    /// <param name="c">The outputs.</param>
    /// <param name="list">What <typeparamref name="TRows"/> reads.</param>
    /// <param name="rowStart">The tile's first row.</param>
    /// <param name="rows">The row after the last that exists.</param>
    /// <param name="columnStart">The tile's first column.</param>
    /// <param name="columns">Rows of w.</param>
    /// <param name="packs">Packs of a row.</param>
    public static void Multiply(ArrayView<BFloat16x8> a, TColumns source, ArrayView<TOut> c, ArrayView<int> list,
        int rowStart, int rows, int columnStart, int columns, int packs)
    {
        ArrayView<BFloat16x8> all = SharedMemory.GetDynamic<BFloat16x8>();
        ArrayView<BFloat16x8> shared = all.SubView(0, SharedPacks), own = all.SubView(SharedPacks, source.OwnPacks);
        ArrayView<float> sums = LocalMemory.Allocate<float>(TilesM * TilesN * 4);
        for (int i = 0; i < TilesM * TilesN * 4; i++)
            sums[i] = 0f;

        // Rows past the end repeat the last one; their outputs are not written.
        ArrayView<int> startsOfA = LocalMemory.Allocate<int>(PartsOfA);
        int copied = Group.IdxX / FragmentTile.BlockPacks;
        for (int part = 0; part < PartsOfA; part++)
        {
            int row = IntrinsicMath.Min(rowStart + part * PartRows + copied, rows - 1);
            startsOfA[part] = TRows.Source(list, row) * packs;
        }
        source.Begin(own, columnStart, columns, packs);

        for (int stage = 0; stage < TTile.Stages - 1; stage++)
        {
            TileCopy.CopyStep(Stage(shared, stage), 0, Rows, a, startsOfA, PartRows, StepPacks, stage * StepPacks, packs);
            source.Fetch(Stage(shared, stage), PacksOfA, own, stage * StepPacks, packs);
            TileCopy.Commit();
        }
        TileCopy.Wait(TTile.Stages - 2);
        source.Make(own, 0, packs);
        Group.Barrier();

        int warp = Group.IdxX / 32, warpRow = warp % 2 * WarpSide, warpColumn = warp / 2 * WarpSide;
        // Two sets, one loaded while the other is multiplied.
        ArrayView<uint> rowFragments = LocalMemory.Allocate<uint>(2 * FragmentWords);
        ArrayView<uint> columnFragments = LocalMemory.Allocate<uint>(2 * FragmentWords);
        Load(Stage(shared, 0), source.Tile(Stage(shared, 0), PacksOfA, own, 0), rowFragments, columnFragments, 0, warpRow, warpColumn);
        int read = 0, write = TTile.Stages - 1, ahead = (TTile.Stages - 1) * StepPacks;
        for (int pack = 0; pack < packs; pack += StepPacks)
        {
            int next = read + 1 == TTile.Stages ? 0 : read + 1;
            for (int k = 0; k < TTile.Step / 16; k++)
            {
                bool isLast = k == TTile.Step / 16 - 1;
                if (isLast)
                {
                    TileCopy.Wait(TTile.Stages - 2);
                    Group.Barrier();
                }
                int stage = isLast ? next : read;
                Load(Stage(shared, stage), source.Tile(Stage(shared, stage), PacksOfA, own, isLast ? pack + StepPacks : pack), rowFragments,
                    columnFragments, isLast ? 0 : k + 1, warpRow, warpColumn);
                if (k == 0)
                {
                    TileCopy.CopyStep(Stage(shared, write), 0, Rows, a, startsOfA, PartRows, StepPacks, pack + ahead, packs);
                    source.Fetch(Stage(shared, write), PacksOfA, own, pack + ahead, packs);
                    TileCopy.Commit();
                    source.Make(own, pack + StepPacks, packs);
                }
                MultiplyAdd(sums, rowFragments.SubView(k % 2 * FragmentWords, FragmentWords),
                    columnFragments.SubView(k % 2 * FragmentWords, FragmentWords));
            }
            write = read;
            read = next;
        }
        TileCopy.Wait(0);
        Write(sums, c, list, rowStart + warpRow, rows, columnStart + warpColumn, columns);
    }

    static ArrayView<BFloat16x8> Stage(ArrayView<BFloat16x8> shared, int stage) =>
        shared.SubView(stage * StagePacks, StagePacks);

    /// <summary>Fragments of the k-th 16 elements of a stage, into the set k % 2.</summary>
    static void Load(ArrayView<BFloat16x8> stage, ArrayView<BFloat16x8> w, ArrayView<uint> rowFragments, ArrayView<uint> columnFragments,
        int k, int warpRow, int warpColumn)
    {
        int set = k % 2 * FragmentWords;
        for (int i = 0; i < FragmentWords; i += 4)
        {
            FragmentTile.LoadColumns(w, TTile.Columns, warpColumn + i * 4, k * 2,
                out columnFragments[set + i], out columnFragments[set + i + 1],
                out columnFragments[set + i + 2], out columnFragments[set + i + 3]);
            FragmentTile.Load(stage, Rows, warpRow + i * 4, k * 2,
                out rowFragments[set + i], out rowFragments[set + i + 1],
                out rowFragments[set + i + 2], out rowFragments[set + i + 3]);
        }
    }

    static void MultiplyAdd(ArrayView<float> sums, ArrayView<uint> a, ArrayView<uint> b)
    {
        for (int m = 0; m < TilesM; m++)
            for (int n = 0; n < TilesN; n++)
            {
                int sum = (m * TilesN + n) * 4;
                TensorCore.MultiplyAdd(ref sums[sum], ref sums[sum + 1], ref sums[sum + 2], ref sums[sum + 3],
                    a[m * 4], a[m * 4 + 1], a[m * 4 + 2], a[m * 4 + 3], b[n * 2], b[n * 2 + 1]);
            }
    }

    static void Write(ArrayView<float> sums, ArrayView<TOut> c, ArrayView<int> list, int rowStart, int rows,
        int columnStart, int columns)
    {
        int g = Warp.LaneIdx >> 2, t = Warp.LaneIdx & 3;
        for (int m = 0; m < TilesM; m++)
            for (int half = 0; half < 2; half++)
            {
                int row = rowStart + m * 16 + half * 8 + g;
                if (row >= rows)
                    continue;
                ArrayView<float> own = sums.SubView(m * TilesN * 4 + 2 * half, TilesN * 4 - 2 * half);
                int target = TRows.Target(list, row), column = columnStart + 2 * t;
                if (TEpilogue.Pairs)
                    WritePairs(c, own, (long)target * (columns / 4) + (columnStart / 4 + t), columns - column);
                else if (columns % 2 == 0)
                    WriteTwos(c, own, (long)target * (columns / 2) + column / 2, columns - column);
                else
                    WriteSingles(c, own, (long)target * columns + column, columns - column);
            }
    }

    /// <summary>
    /// A row's outputs of gates and ups, <see cref="GateUpOrder.Block"/> of each in turn: the next tile of the thread
    /// holds the up sums of a tile's gates.
    /// </summary>
    /// <param name="c">The outputs.</param>
    /// <param name="sums">The thread's two of each 8 columns, 4 apart.</param>
    /// <param name="pair">Which two outputs the first are.</param>
    /// <param name="columns">How many columns there are from the first on.</param>
    static void WritePairs(ArrayView<TOut> c, ArrayView<float> sums, long pair, int columns)
    {
        for (int n = 0; n < TilesN; n += 2)
            if (n * GateUpOrder.Block < columns)
                TEpilogue.WriteTwo(c, pair + n * (GateUpOrder.Block / 4),
                    sums[n * 4], sums[n * 4 + 1], sums[n * 4 + 4], sums[n * 4 + 5]);
    }

    /// <summary>A row's outputs, two at a time.</summary>
    static void WriteTwos(ArrayView<TOut> c, ArrayView<float> sums, long pair, int columns)
    {
        for (int n = 0; n < TilesN; n++)
            if (n * 8 < columns)
                TEpilogue.WriteTwo(c, pair + n * 4, sums[n * 4], sums[n * 4 + 1], 0f, 0f);
    }

    /// <summary>
    /// A row's outputs one by one, from the first's index on: rows of an odd length start at odd elements.
    /// </summary>
    static void WriteSingles(ArrayView<TOut> c, ArrayView<float> sums, long index, int columns)
    {
        for (int n = 0; n < TilesN; n++)
            for (int side = 0; side < 2; side++)
                if (n * 8 + side < columns)
                    TEpilogue.Write(c, index + (n * 8 + side), sums[n * 4 + side], 0f);
    }
}
