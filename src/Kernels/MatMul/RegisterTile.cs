using ILGPU;
using IlgpuDca.Kernels.MatMul.Epilogues;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>
/// The work of one group of <see cref="MatMulTile{T, TElement, TOut, TEpilogue}"/>: a tile of outputs, for rows that lie one after the
/// other or that a list names.
/// </summary>
static class RegisterTile<T, TElement, TOut, TEpilogue, TRows>
    where T : unmanaged
    where TElement : struct, IElement<T>
    where TOut : unmanaged
    where TEpilogue : struct, IEpilogue<TOut>
    where TRows : struct, IProductRows
{
    /// <summary>Outputs of a group along each side.</summary>
    public const int Side = 64;

    /// <summary>Threads of a group.</summary>
    public const int GroupSize = 256;

    const int Step = 32;

    /// <summary>Outputs of a thread along each side.</summary>
    const int Block = 4;
    const int ThreadsPerSide = Side / Block;

    /// <summary>Elements of a step that one thread fetches, along k: 64 rows by 4 threads.</summary>
    const int Fetch = Step / (GroupSize / Side);

    /// <summary>Floats from one k to the next in shared memory: a multiple of 4, so that blocks are read as vectors.</summary>
    const int Pitch = Side + 4;

    /// <summary>Computes the tile, in kernels.</summary>
    /// <param name="a">Rows of inner elements.</param>
    /// <param name="w">[columns, inner].</param>
    /// <param name="c">The outputs.</param>
    /// <param name="list">What <typeparamref name="TRows"/> reads.</param>
    /// <param name="rowStart">The tile's first row.</param>
    /// <param name="rows">The row after the last that exists.</param>
    /// <param name="columnStart">The tile's first column.</param>
    /// <param name="columns">Rows of w.</param>
    /// <param name="inner">Elements of a row.</param>
    public static void Multiply(ArrayView<T> a, ArrayView<T> w, ArrayView<TOut> c, ArrayView<int> list,
        int rowStart, int rows, int columnStart, int columns, int inner)
    {
        ArrayView<float> aTile = SharedMemory.Allocate<float>(Step * Pitch);
        ArrayView<float> wTile = SharedMemory.Allocate<float>(Step * Pitch);
        ArrayView<float> sums = LocalMemory.Allocate<float>(Block * Block);
        for (int i = 0; i < Block * Block; i++)
            sums[i] = 0f;

        int blockRow = Group.IdxX / ThreadsPerSide * Block, blockColumn = FirstColumn(Group.IdxX % ThreadsPerSide);
        int offset = Group.IdxX % Side, fetchRow = rowStart + offset, fetchColumn = columnStart + offset;
        long aStart = fetchRow < rows ? (long)TRows.Source(list, fetchRow) * inner : -1L, wStart = fetchColumn < columns ? (long)fetchColumn * inner : -1L;
        for (int k = 0; k < inner; k += Step)
        {
            FetchTile(a, aTile, aStart, k, inner);
            FetchTile(w, wTile, wStart, k, inner);
            Group.Barrier();
            for (int step = 0; step < Step; step++)
                for (int i = 0; i < Block; i++)
                    for (int j = 0; j < Block; j++)
                        sums[i * Block + j] += aTile[step * Pitch + blockRow + i] * wTile[step * Pitch + blockColumn + Column(j)];
            Group.Barrier();
        }

        for (int i = 0; i < Block; i++)
            for (int j = 0; j < (TEpilogue.Pairs ? Block / 2 : Block); j++)
            {
                int row = rowStart + blockRow + i, column = columnStart + blockColumn + Column(j);
                if (row >= rows || column >= columns)
                    continue;
                if (TEpilogue.Pairs)
                    TEpilogue.Write(c, (long)TRows.Target(list, row) * (columns / 2) + (column / (2 * GateUpOrder.Block) * GateUpOrder.Block + column % GateUpOrder.Block),
                        sums[i * Block + j], sums[i * Block + j + Block / 2]);
                else
                    TEpilogue.Write(c, (long)TRows.Target(list, row) * columns + column, sums[i * Block + j], 0f);
            }
    }

    /// <summary>A thread's first column in the tile: where columns are pairs it has two gates and the up columns 8 further.</summary>
    static int FirstColumn(int thread) => TEpilogue.Pairs ? thread / 4 * (2 * GateUpOrder.Block) + thread % 4 * 2 : thread * Block;

    /// <summary>How far a thread's j-th column is from its first.</summary>
    static int Column(int j) => TEpilogue.Pairs ? j % 2 + j / 2 * GateUpOrder.Block : j;

    /// <summary>One step of one operand into shared memory, k by k; zeros outside the matrix, where the row's start is negative.</summary>
    static void FetchTile(ArrayView<T> source, ArrayView<float> tile, long start, int k, int inner)
    {
        int row = Group.IdxX % Side, first = Group.IdxX / Side * Fetch;
        for (int f = 0; f < Fetch; f++)
            tile[(first + f) * Pitch + row] = start >= 0 && k + first + f < inner ? default(TElement).Load(source[start + k + first + f]) : 0f;
    }
}
