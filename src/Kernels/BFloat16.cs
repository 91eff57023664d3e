using ILGPU;
using ILGPU.Runtime.Cuda;

namespace IlgpuDca.Kernels;

/// <summary>The upper half of a float32: 8 exponent bits, 7 mantissa bits. Usable on the host and in kernels.</summary>
public readonly struct BFloat16(ushort bits)
{
    /// <summary>The 16 bits.</summary>
    public readonly ushort Bits = bits;

    /// <summary>The value, exactly.</summary>
    public float ToFloat() => Interop.IntAsFloat((uint)Bits << 16);

    /// <summary>The nearest bfloat16, ties to even; NaN stays NaN.</summary>
    public static BFloat16 FromFloat(float value)
    {
        if (CudaAsm.IsSupported)
        {
            CudaAsm.Emit("cvt.rn.bf16.f32 %0, %1;", out ushort rounded, value);
            return new BFloat16(rounded);
        }
        uint bits = Interop.FloatAsInt(value);
        bool isNaN = (bits & 0x7FFFFFFFu) > 0x7F800000u;
        uint nearest = (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16;
        return new BFloat16((ushort)(isNaN ? (bits >> 16) | 0x40u : nearest));
    }
}
