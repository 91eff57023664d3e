using ILGPU;
using ILGPU.Runtime.Cuda;
using Half = ILGPU.Half;

namespace IlgpuDca.Kernels;

/// <summary>Two 16-bit IEEE floats in a word, as tensor cores read them: the first in the low half.</summary>
static class HalfPair
{
    /// <summary>low and high, each rounded to nearest even.</summary>
    public static uint Pack(float low, float high)
    {
        if (CudaAsm.IsSupported)
        {
            CudaAsm.Emit("cvt.rn.f16x2.f32 %0, %2, %1;", out uint packed, low, high);
            return packed;
        }
        return Bits(low) | (Bits(high) << 16);
    }

    /// <summary>a · b + c, rounded once, in both halves.</summary>
    public static uint MultiplyAdd(uint a, uint b, uint c)
    {
        if (CudaAsm.IsSupported)
        {
            CudaAsm.Emit("fma.rn.f16x2 %0, %1, %2, %3;", out uint sum, a, b, c);
            return sum;
        }
        return Bits(Low(a) * Low(b) + Low(c)) | (Bits(High(a) * High(b) + High(c)) << 16);
    }

    /// <summary>1024 + byte 1, and 1024 + byte 3 of a word: a float of 1024 counts ones in its lowest bits.</summary>
    public static uint OddBytes(uint word)
    {
        if (CudaAsm.IsSupported)
        {
            CudaAsm.Emit("prmt.b32 %0, %1, 0x64646464, 0x4341;", out uint pair, word);
            return pair;
        }
        return EvenBytes(word >> 8);
    }

    /// <summary>1024 + byte 0, and 1024 + byte 2.</summary>
    public static uint EvenBytes(uint word) => (word & 0x00FF00FFu) | 0x64006400u;

    /// <summary>The low half's number.</summary>
    public static float Low(uint pair) => Interop.IntAsFloat((ushort)pair);

    /// <summary>The high half's number.</summary>
    public static float High(uint pair) => Interop.IntAsFloat((ushort)(pair >> 16));

    static uint Bits(float value) => Interop.FloatAsInt((Half)value);
}
