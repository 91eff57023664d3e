using ILGPU.Algorithms;
using ILGPU.Runtime.Cuda;

namespace IlgpuDca.Kernels.Attention;

/// <summary>2^x as softmax wants it.</summary>
static class PowerOfTwo
{
    /// <summary>2^x; below 2^-126 it is 0, which spares the GPU the treatment of such numbers.</summary>
    public static float Of(float x)
    {
        if (!CudaAsm.IsSupported)
            return XMath.Exp2(x);
        CudaAsm.Emit("ex2.approx.ftz.f32 %0, %1;", out float y, x);
        return y;
    }
}
