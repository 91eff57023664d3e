using ILGPU;
using IlgpuDca.Ilgpu.Extensions;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>A box of outputs in shared memory on its way to memory.</summary>
static class OutputBox<TEpilogue>
    where TEpilogue : struct, IMatMulEpilogue
{
    /// <summary>Has the copy engine store a box, or add it to what is there; by one thread.</summary>
    public static void Send(TensorMap c, ArrayView<byte> box, int column, int row)
    {
        if (TEpilogue.Adds)
            Tma.Add(c, ref box[0], column, row);
        else
            Tma.Store(c, ref box[0], column, row);
    }
}
