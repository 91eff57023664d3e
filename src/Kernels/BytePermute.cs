using ILGPU.Runtime.Cuda;

namespace IlgpuDca.Kernels;

/// <summary>Bytes of two words in any order.</summary>
static class BytePermute
{
    /// <summary>Byte i is what the selector's i-th hexadecimal digit names: 0 to 3 of low, 4 to 7 of high.</summary>
    public static uint Of(uint low, uint high, uint selector)
    {
        if (CudaAsm.IsSupported)
        {
            CudaAsm.Emit("prmt.b32 %0, %1, %2, %3;", out uint bytes, low, high, selector);
            return bytes;
        }
        ulong both = low | (ulong)high << 32;
        uint lower = Byte(both, selector) | Byte(both, selector >> 4) << 8;
        return lower | Byte(both, selector >> 8) << 16 | Byte(both, selector >> 12) << 24;
    }

    static uint Byte(ulong both, uint digit) => (uint)(both >> (int)((digit & 7) * 8)) & 0xFFu;
}
