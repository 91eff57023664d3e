using ILGPU;
using IlgpuDca.Kernels.MatMul.Epilogues;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>
/// The work of one group of <see cref="MatMulTensorCore{TOut, TEpilogue}"/>: a tile of outputs, for rows that lie one after the other
/// or that a list names.
/// </summary>
static class TensorCoreTile<TOut, TEpilogue, TRows>
    where TOut : unmanaged
    where TEpilogue : struct, IEpilogue<TOut>
    where TRows : struct, IProductRows
{
    /// <summary>Outputs of a group along each side.</summary>
    public const int Side = 128;

    /// <summary>Threads of a group.</summary>
    public const int GroupSize = 256;

    const int Step = 32;

    /// <summary>Words (two elements) of a step.</summary>
    const int StepWords = Step / 2;

    /// <summary>Words from one row to the next in shared memory: 20 spreads the 8 rows of a fragment over all banks.</summary>
    const int Pitch = StepWords + 4;

    /// <summary>16-byte parts of a tile that each thread fetches.</summary>
    const int Parts = Side * Step / 8 / GroupSize;
    const int TilesM = 4, TilesN = 4;

    /// <summary>Computes the tile, in kernels.</summary>
    /// <param name="a">Rows of packs.</param>
    /// <param name="w">[columns, inner] as packs.</param>
    /// <param name="c">The outputs.</param>
    /// <param name="list">What <typeparamref name="TRows"/> reads.</param>
    /// <param name="rowStart">The tile's first row.</param>
    /// <param name="rows">The row after the last that exists.</param>
    /// <param name="columnStart">The tile's first column.</param>
    /// <param name="columns">Rows of w.</param>
    /// <param name="packs">Packs of a row.</param>
    public static void Multiply(ArrayView<BFloat16x8> a, ArrayView<BFloat16x8> w, ArrayView<TOut> c, ArrayView<int> list,
        int rowStart, int rows, int columnStart, int columns, int packs)
    {
        ArrayView<uint> aTile = SharedMemory.Allocate<uint>(Side * Pitch);
        ArrayView<uint> wTile = SharedMemory.Allocate<uint>(Side * Pitch);
        ArrayView<float> sums = LocalMemory.Allocate<float>(TilesM * TilesN * 4);
        for (int i = 0; i < TilesM * TilesN * 4; i++)
            sums[i] = 0f;
        ArrayView<uint> aFragments = LocalMemory.Allocate<uint>(TilesM * 4);

        int lane = Warp.LaneIdx, warp = Group.IdxX >> 5;
        int g = lane >> 2, t = lane & 3;
        int warpRow = warp / 4 * (TilesM * 16), warpColumn = warp % 4 * (TilesN * 8);

        ArrayView<long> aStarts = LocalMemory.Allocate<long>(Parts), wStarts = LocalMemory.Allocate<long>(Parts);
        for (int part = 0; part < Parts; part++)
        {
            int offset = (part * GroupSize + Group.IdxX) / (Step / 8), row = rowStart + offset, column = columnStart + offset;
            aStarts[part] = row < rows ? (long)TRows.Source(list, row) * packs : -1L;
            wStarts[part] = column < columns ? (long)column * packs : -1L;
        }
        ArrayView<uint> nextA = LocalMemory.Allocate<uint>(Parts * 4), nextW = LocalMemory.Allocate<uint>(Parts * 4);
        Fetch(a, nextA, aStarts, 0, packs);
        Fetch(w, nextW, wStarts, 0, packs);
        for (int pack = 0; pack < packs; pack += Step / 8)
        {
            Publish(nextA, aTile);
            Publish(nextW, wTile);
            Group.Barrier();
            Fetch(a, nextA, aStarts, pack + Step / 8, packs);
            Fetch(w, nextW, wStarts, pack + Step / 8, packs);
            for (int k = 0; k < StepWords; k += 8)
            {
                for (int m = 0; m < TilesM; m++)
                {
                    int row = (warpRow + m * 16 + g) * Pitch + k + t;
                    aFragments[m * 4] = aTile[row];
                    aFragments[m * 4 + 1] = aTile[row + 8 * Pitch];
                    aFragments[m * 4 + 2] = aTile[row + 4];
                    aFragments[m * 4 + 3] = aTile[row + 8 * Pitch + 4];
                }
                for (int n = 0; n < TilesN; n++)
                {
                    int column = (warpColumn + n * 8 + g) * Pitch + k + t;
                    uint b0 = wTile[column], b1 = wTile[column + 4];
                    for (int m = 0; m < TilesM; m++)
                        TensorCore.MultiplyAdd(
                            ref sums[(m * TilesN + n) * 4], ref sums[(m * TilesN + n) * 4 + 1], ref sums[(m * TilesN + n) * 4 + 2], ref sums[(m * TilesN + n) * 4 + 3],
                            aFragments[m * 4], aFragments[m * 4 + 1], aFragments[m * 4 + 2], aFragments[m * 4 + 3], b0, b1);
                }
            }
            Group.Barrier();
        }

        for (int m = 0; m < TilesM; m++)
            for (int half = 0; half < 2; half++)
            {
                int row = rowStart + warpRow + m * 16 + half * 8 + g;
                if (row >= rows)
                    continue;
                int target = TRows.Target(list, row);
                for (int n = 0; n < TilesN; n += TEpilogue.Pairs ? 2 : 1)
                    Write(c, sums, (m * TilesN + n) * 4 + 2 * half, target, columnStart + warpColumn + n * 8 + 2 * t, columns);
            }
    }

    /// <summary>Two neighbouring outputs; where columns are pairs, the next tile of the thread holds the up sums of this one's gates.</summary>
    static void Write(ArrayView<TOut> c, ArrayView<float> sums, int sum, int row, int column, int columns)
    {
        for (int side = 0; side < 2; side++)
        {
            if (column + side >= columns)
                continue;
            if (TEpilogue.Pairs)
                TEpilogue.Write(c, (long)row * (columns / 2) + (column / (2 * GateUpOrder.Block) * GateUpOrder.Block + column % GateUpOrder.Block + side),
                    sums[sum + side], sums[sum + side + 4]);
            else
                TEpilogue.Write(c, (long)row * columns + column + side, sums[sum + side], 0f);
        }
    }

    /// <summary>This thread's parts of one step into registers; zeros outside the matrix.</summary>
    static void Fetch(ArrayView<BFloat16x8> source, ArrayView<uint> words, ArrayView<long> starts, int pack, int packs)
    {
        int column = pack + Group.IdxX % (Step / 8);
        for (int part = 0; part < Parts; part++)
        {
            BFloat16x8 value = default;
            if (starts[part] >= 0 && column < packs)
                value = source[starts[part] + column];
            words[part * 4] = value.A;
            words[part * 4 + 1] = value.B;
            words[part * 4 + 2] = value.C;
            words[part * 4 + 3] = value.D;
        }
    }

    /// <summary>The fetched parts from registers into shared memory.</summary>
    static void Publish(ArrayView<uint> words, ArrayView<uint> tile)
    {
        ArrayView<BFloat16x8> packs = tile.Cast<BFloat16x8>();
        for (int part = 0; part < Parts; part++)
        {
            int index = part * GroupSize + Group.IdxX;
            packs[index / (Step / 8) * (Pitch / 4) + index % (Step / 8)] =
                new BFloat16x8(words[part * 4], words[part * 4 + 1], words[part * 4 + 2], words[part * 4 + 3]);
        }
    }
}
