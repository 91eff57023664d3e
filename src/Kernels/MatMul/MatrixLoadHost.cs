#if !ILGPU_PACKAGE
using IlgpuDca.Ilgpu.Extensions;

namespace IlgpuDca.Kernels.MatMul;

/// <summary><see cref="MatrixLoad"/> for a whole warp at once: the twin that runs on the CPU accelerator.</summary>
static unsafe class MatrixLoadHost
{
    const int Matrices = 4, Rows = 8, Lanes = 32, RowBytes = 16;

    [CollectiveReads(0, RowBytes)]
    public static void Load(WarpOperands operands)
    {
        Span<nint> rows = operands.Get<nint>(0);
        for (int j = 0; j < Matrices; j++)
        {
            Span<uint> words = operands.Get<uint>(1 + j);
            for (int lane = 0; lane < Lanes; lane++)
                words[lane] = ((uint*)rows[j * Rows + lane / 4])[lane % 4];
        }
    }

    [CollectiveReads(0, RowBytes)]
    public static void LoadTransposed(WarpOperands operands)
    {
        Span<nint> rows = operands.Get<nint>(0);
        for (int j = 0; j < Matrices; j++)
        {
            Span<uint> words = operands.Get<uint>(1 + j);
            for (int lane = 0; lane < Lanes; lane++)
            {
                int first = j * Rows + lane % 4 * 2;
                words[lane] = ((ushort*)rows[first])[lane / 4] | (uint)((ushort*)rows[first + 1])[lane / 4] << 16;
            }
        }
    }
}
#endif
