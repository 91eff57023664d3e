using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul.Epilogues;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>
/// Matrix product for many rows on the tensor cores (sm_80 and newer): bfloat16 operands, float32 sums.
/// <code>c[m, n] = epilogue(sum over k of a[m, k] · w[n, k])</code>
/// </summary>
/// <remarks>
/// Shapes: <see cref="MatMulShape"/>; any rows and columns, inner a multiple of 8.
/// Work: a group of 8 warps computes 128 × 128 outputs, a warp 64 × 32 of them as 4 × 4 tiles of m16n8k16. Per step of 32 along k
/// each thread moves 16 bytes of a and of w twice; the next step is fetched into registers while this one is multiplied.
/// </remarks>
public sealed class MatMulTensorCore<TOut, TEpilogue>(Accelerator accelerator)
    where TOut : unmanaged
    where TEpilogue : struct, IEpilogue<TOut>
{
    const int Side = 128;
    const int Step = 32;
    const int GroupSize = 256;

    /// <summary>Words (two elements) of a step.</summary>
    const int StepWords = Step / 2;

    /// <summary>Words from one row to the next in shared memory: 20 spreads the 8 rows of a fragment over all banks.</summary>
    const int Pitch = StepWords + 4;

    /// <summary>16-byte parts of a tile that each thread fetches.</summary>
    const int Parts = Side * Step / 8 / GroupSize;
    const int TilesM = 4, TilesN = 4;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<BFloat16x8>, ArrayView<BFloat16x8>, ArrayView<TOut>, int, int, int> _kernel =
        accelerator.LoadKernel<ArrayView<BFloat16x8>, ArrayView<BFloat16x8>, ArrayView<TOut>, int, int, int>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="a">[rows, inner].</param>
    /// <param name="w">[columns, inner].</param>
    /// <param name="c">[rows, columns], or [rows, columns / 2] where columns are pairs.</param>
    /// <param name="shape">The three sizes; inner a multiple of 8.</param>
    public void Run(AcceleratorStream stream, ArrayView<BFloat16> a, ArrayView<BFloat16> w, ArrayView<TOut> c, MatMulShape shape)
    {
        shape.Check(a.Length, w.Length, c.Length, TEpilogue.Pairs);
        if (shape.Inner % 8 != 0)
            throw new ArgumentException($"MatMulTensorCore: inner is {shape.Inner}; it must be a multiple of 8.");
        Index3D grid = new((shape.Columns + Side - 1) / Side, (shape.Rows + Side - 1) / Side, 1);
        _kernel(stream, new KernelConfig(grid, new Index3D(GroupSize, 1, 1)), a.Cast<BFloat16x8>(), w.Cast<BFloat16x8>(), c,
            shape.Rows, shape.Columns, shape.Inner);
    }

    static void Kernel(ArrayView<BFloat16x8> a, ArrayView<BFloat16x8> w, ArrayView<TOut> c, int rows, int columns, int inner)
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
        int rowStart = Grid.IdxY * Side, columnStart = Grid.IdxX * Side;
        int packs = inner / 8;

        ArrayView<uint> nextA = LocalMemory.Allocate<uint>(Parts * 4), nextW = LocalMemory.Allocate<uint>(Parts * 4);
        Fetch(a, nextA, rowStart, rows, 0, packs);
        Fetch(w, nextW, columnStart, columns, 0, packs);
        for (int pack = 0; pack < packs; pack += Step / 8)
        {
            Publish(nextA, aTile);
            Publish(nextW, wTile);
            Group.Barrier();
            Fetch(a, nextA, rowStart, rows, pack + Step / 8, packs);
            Fetch(w, nextW, columnStart, columns, pack + Step / 8, packs);
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
            for (int n = 0; n < TilesN; n += TEpilogue.Pairs ? 2 : 1)
                for (int half = 0; half < 2; half++)
                {
                    int row = rowStart + warpRow + m * 16 + half * 8 + g, column = columnStart + warpColumn + n * 8 + 2 * t;
                    if (row < rows)
                        Write(c, sums, (m * TilesN + n) * 4 + 2 * half, row, column, columns);
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
    static void Fetch(ArrayView<BFloat16x8> source, ArrayView<uint> words, int start, int count, int pack, int packs)
    {
        for (int part = 0; part < Parts; part++)
        {
            int index = part * GroupSize + Group.IdxX;
            int row = start + index / (Step / 8), column = pack + index % (Step / 8);
            BFloat16x8 value = default;
            if (row < count && column < packs)
                value = source[(long)row * packs + column];
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
