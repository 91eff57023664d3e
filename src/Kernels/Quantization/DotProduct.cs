using ILGPU.Runtime.Cuda;

namespace IlgpuDca.Kernels.Quantization;

/// <summary>Inner products of 16-bit and 8-bit integers with 32-bit sums.</summary>
static class DotProduct
{
    /// <summary>sum + the products of four signed 16-bit numbers, two to a word, with four unsigned bytes.</summary>
    public static int Unsigned(uint low, uint high, uint bytes, int sum)
    {
        if (CudaAsm.IsSupported)
        {
            CudaAsm.Emit("dp2a.lo.s32.u32 %0, %1, %2, %3;", out int half, low, bytes, sum);
            CudaAsm.Emit("dp2a.hi.s32.u32 %0, %1, %2, %3;", out int whole, high, bytes, half);
            return whole;
        }
        return sum + (short)low * (int)(bytes & 0xFF) + ((int)low >> 16) * (int)((bytes >> 8) & 0xFF)
            + (short)high * (int)((bytes >> 16) & 0xFF) + ((int)high >> 16) * (int)(bytes >> 24);
    }

    /// <summary>The same with four signed bytes.</summary>
    public static int Signed(uint low, uint high, uint bytes, int sum)
    {
        if (CudaAsm.IsSupported)
        {
            CudaAsm.Emit("dp2a.lo.s32.s32 %0, %1, %2, %3;", out int half, low, bytes, sum);
            CudaAsm.Emit("dp2a.hi.s32.s32 %0, %1, %2, %3;", out int whole, high, bytes, half);
            return whole;
        }
        return sum + (short)low * (sbyte)bytes + ((int)low >> 16) * (sbyte)(bytes >> 8)
            + (short)high * (sbyte)(bytes >> 16) + ((int)high >> 16) * ((int)bytes >> 24);
    }

    /// <summary>The sum of eight signed 16-bit numbers.</summary>
    public static int Sum(CodePack numbers) =>
        Signed(numbers.A, numbers.B, 0x01010101u, Signed(numbers.C, numbers.D, 0x01010101u, 0));
}
