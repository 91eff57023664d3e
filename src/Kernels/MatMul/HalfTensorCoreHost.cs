#if !ILGPU_PACKAGE
using IlgpuDca.Ilgpu.Extensions;

namespace IlgpuDca.Kernels.MatMul;

/// <summary><see cref="HalfTensorCore"/> for a whole warp at once: the twin that runs on the CPU accelerator.</summary>
static class HalfTensorCoreHost
{
    public static void MultiplyAdd(WarpOperands operands) => TensorCoreHost.MultiplyAddOf(operands, new Halves());

    readonly struct Halves : TensorCoreHost.IOperand
    {
        public (float Low, float High) Split(uint word) => (HalfPair.Low(word), HalfPair.High(word));
    }
}
#endif
