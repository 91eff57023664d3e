using ILGPU.Runtime.Cuda;

namespace IlgpuDca.Kernels;

/// <summary>Two bfloat16 in a word, as tensor cores read them.</summary>
static class BFloat16Pair
{
    /// <summary>low in the lower half, high in the upper, each rounded to nearest even.</summary>
    public static uint Pack(float low, float high)
    {
        if (CudaAsm.IsSupported)
        {
            CudaAsm.Emit("cvt.rn.bf16x2.f32 %0, %2, %1;", out uint packed, low, high);
            return packed;
        }
        return BFloat16.FromFloat(low).Bits | ((uint)BFloat16.FromFloat(high).Bits << 16);
    }
}
