using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul.Epilogues;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>
/// Matrix product for many rows in plain float32 arithmetic: tiles in shared memory, a block of outputs in each thread's registers.
/// <code>c[m, n] = epilogue(sum over k of a[m, k] · w[n, k])</code>
/// </summary>
/// <remarks>
/// Shapes: <see cref="MatMulShape"/>; any size. Sums in float32, in the order of k.
/// Work: a group computes 64 × 64 outputs, a thread 4 × 4 of them. Per step of 32 along k each thread loads 8 elements of a and of
/// w and does 512 multiply-adds. Traffic: a is read columns / 64 times, w rows / 64 times, mostly from L2.
/// </remarks>
public sealed class MatMulTile<T, TElement, TOut, TEpilogue>(Accelerator accelerator)
    where T : unmanaged
    where TElement : struct, IElement<T>
    where TOut : unmanaged
    where TEpilogue : struct, IEpilogue<TOut>
{
    /// <summary>Outputs of a group along each side.</summary>
    const int Side = 64;
    const int Step = 32;
    const int GroupSize = 256;

    /// <summary>Outputs of a thread along each side.</summary>
    const int Block = 4;
    const int ThreadsPerSide = Side / Block;

    /// <summary>Elements of a step that one thread fetches, along k: 64 rows by 4 threads.</summary>
    const int Fetch = Step / (GroupSize / Side);

    /// <summary>Floats from one k to the next in shared memory: a multiple of 4, so that blocks are read as vectors.</summary>
    const int Pitch = Side + 4;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<TOut>, int, int, int> _kernel =
        accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, ArrayView<TOut>, int, int, int>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="a">[rows, inner].</param>
    /// <param name="w">[columns, inner].</param>
    /// <param name="c">[rows, columns], or [rows, columns / 2] where columns are pairs.</param>
    /// <param name="shape">The three sizes.</param>
    public void Run(AcceleratorStream stream, ArrayView<T> a, ArrayView<T> w, ArrayView<TOut> c, MatMulShape shape)
    {
        shape.Check(a.Length, w.Length, c.Length, TEpilogue.Pairs);
        Index3D grid = new((shape.Columns + Side - 1) / Side, (shape.Rows + Side - 1) / Side, 1);
        _kernel(stream, new KernelConfig(grid, new Index3D(GroupSize, 1, 1)), a, w, c, shape.Rows, shape.Columns, shape.Inner);
    }

    static void Kernel(ArrayView<T> a, ArrayView<T> w, ArrayView<TOut> c, int rows, int columns, int inner)
    {
        ArrayView<float> aTile = SharedMemory.Allocate<float>(Step * Pitch);
        ArrayView<float> wTile = SharedMemory.Allocate<float>(Step * Pitch);
        ArrayView<float> sums = LocalMemory.Allocate<float>(Block * Block);
        for (int i = 0; i < Block * Block; i++)
            sums[i] = 0f;

        int rowStart = Grid.IdxY * Side, columnStart = Grid.IdxX * Side;
        int blockRow = Group.IdxX / ThreadsPerSide * Block, blockColumn = FirstColumn(Group.IdxX % ThreadsPerSide);
        for (int k = 0; k < inner; k += Step)
        {
            FetchTile(a, aTile, rowStart, rows, k, inner);
            FetchTile(w, wTile, columnStart, columns, k, inner);
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
                    TEpilogue.Write(c, (long)row * (columns / 2) + (column / (2 * GateUpOrder.Block) * GateUpOrder.Block + column % GateUpOrder.Block),
                        sums[i * Block + j], sums[i * Block + j + Block / 2]);
                else
                    TEpilogue.Write(c, (long)row * columns + column, sums[i * Block + j], 0f);
            }
    }

    /// <summary>A thread's first column in the tile: where columns are pairs it has two gates and the up columns 8 further.</summary>
    static int FirstColumn(int thread) => TEpilogue.Pairs ? thread / 4 * (2 * GateUpOrder.Block) + thread % 4 * 2 : thread * Block;

    /// <summary>How far a thread's j-th column is from its first.</summary>
    static int Column(int j) => TEpilogue.Pairs ? j % 2 + j / 2 * GateUpOrder.Block : j;

    /// <summary>One step of one operand into shared memory, k by k; zeros outside the matrix.</summary>
    static void FetchTile(ArrayView<T> source, ArrayView<float> tile, int start, int count, int k, int inner)
    {
        int row = Group.IdxX % Side, first = Group.IdxX / Side * Fetch;
        long offset = (long)(start + row) * inner + k;
        bool inside = start + row < count;
        for (int f = 0; f < Fetch; f++)
            tile[(first + f) * Pitch + row] = inside && k + first + f < inner ? default(TElement).Load(source[offset + first + f]) : 0f;
    }
}
