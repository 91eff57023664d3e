using ILGPU;
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

    /// <summary>a · b + c, rounded once, in both halves; on the CPU the sum is rounded to float32 before.</summary>
    public static uint MultiplyAdd(uint a, uint b, uint c)
    {
        if (CudaAsm.IsSupported)
        {
            CudaAsm.Emit("fma.rn.bf16x2 %0, %1, %2, %3;", out uint sum, a, b, c);
            return sum;
        }
        return Pack(Low(a) * Low(b) + Low(c), High(a) * High(b) + High(c));
    }

    static float Low(uint pair) => Interop.IntAsFloat(pair << 16);

    static float High(uint pair) => Interop.IntAsFloat(pair & 0xFFFF0000u);
}
