using ILGPU;
using ILGPU.Runtime.Cuda;

namespace IlgpuDca.Kernels.Attention.Cache;

/// <summary>Whole numbers in and out of float32 by its bits: 2^23 and more have no fraction.</summary>
static class Rounded
{
    /// <summary>2^23 + 2^22.</summary>
    const float Shift = 12582912f;

    /// <summary>The bits of 2^23: with a whole number below 2^23 in the low ones, the sum of the two.</summary>
    const uint Base = 0x4B000000;

    /// <summary>The nearest whole number, ties to even, of a magnitude up to 2^21.</summary>
    public static int ToInt(float value) => (int)(Interop.FloatAsInt(value + Shift) - 0x4B400000u);

    /// <summary>
    /// The next number away from zero with 11 significant bits. A scale of so few leaves a sum of a code, its bias and what its bits
    /// stand above it exact in float32.
    /// </summary>
    public static float Coarse(float scale) => Interop.IntAsFloat((Interop.FloatAsInt(scale) + 0x1FFFu) & ~0x1FFFu);

    /// <summary>128 + byte / 256, of a byte of a word; the index is a constant.</summary>
    public static float WithByte(uint word, int index)
    {
        if (!CudaAsm.IsSupported)
            return Interop.IntAsFloat(0x43000000u | ((word >> (8 * index) & 0xFFu) << 8));
        CudaAsm.Emit("prmt.b32 %0, %1, 0x43000000, %2;", out uint bits, word, 0x7404 | index << 4);
        return Interop.IntAsFloat(bits);
    }

    /// <summary>code - bias; the code a constant's byte or less of a word.</summary>
    public static float ToFloat(uint code, int bias) => Interop.IntAsFloat(code | Base) - (8388608f + bias);
}
