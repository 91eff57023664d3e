#if !ILGPU_PACKAGE
using ILGPU;
using ILGPU.Runtime.Cuda;
using IlgpuDca.Ilgpu.Extensions;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>
/// Four matrices of 8 × 8 elements of 16 bits from shared memory into a warp's registers (ldmatrix): lane 8j + i names
/// the 16 bytes of row i of matrix j.
/// </summary>
static class MatrixLoad
{
    /// <summary>Lane 4g + t gets elements 2t and 2t + 1 of row g of each matrix.</summary>
    [WarpCollective(typeof(MatrixLoadHost), nameof(MatrixLoadHost.Load))]
    public static void Load(ArrayView<BFloat16x8> row, out uint x0, out uint x1, out uint x2, out uint x3)
    {
        Output<uint> y0 = default, y1 = default, y2 = default, y3 = default;
        Input<int> address = SharedAddress.Of(ref row[0]);
        CudaAsm.EmitRef("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];",
            ref y0, ref y1, ref y2, ref y3, ref address);
        (x0, x1, x2, x3) = (y0.Value, y1.Value, y2.Value, y3.Value);
    }

    /// <summary>Lane 4g + t gets element g of rows 2t and 2t + 1 of each matrix.</summary>
    [WarpCollective(typeof(MatrixLoadHost), nameof(MatrixLoadHost.LoadTransposed))]
    public static void LoadTransposed(ArrayView<BFloat16x8> row, out uint x0, out uint x1, out uint x2, out uint x3)
    {
        Output<uint> y0 = default, y1 = default, y2 = default, y3 = default;
        Input<int> address = SharedAddress.Of(ref row[0]);
        CudaAsm.EmitRef("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];",
            ref y0, ref y1, ref y2, ref y3, ref address);
        (x0, x1, x2, x3) = (y0.Value, y1.Value, y2.Value, y3.Value);
    }
}
#endif
