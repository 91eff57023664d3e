using ILGPU;
using ILGPU.Algorithms;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.Quantization;

namespace IlgpuDca.Kernels.Attention.Cache;

/// <summary>
/// Eight elements of <see cref="CacheType.Fp8"/>: E4M3 in a byte each (OCP 8-bit floating point, revision 1.0): a sign, an exponent
/// with the bias 7, three bits of mantissa; the largest is 448, the smallest 2^-9.
/// </summary>
public readonly struct Fp8x8(uint low, uint high) : ITensorCorePack<Fp8x8>
{
    const float Largest = 448f;

    /// <summary>The bits of 2^120: float32's exponent has the bias 127.</summary>
    const uint BiasBits = 0x7B800000;

    /// <summary>Elements 0 to 3, and 4 to 7, the first in the lowest byte.</summary>
    public readonly uint Low = low, High = high;

    public int Count => 8;

    public bool IsScaled => true;

    public float Element(int index)
    {
        uint top = (index < 4 ? Low : High) << (24 - index % 4 * 8);
        // The sign shifted in goes with the mask, but for the sign itself.
        return Interop.IntAsFloat((uint)((int)top >> 4) & 0x87F00000u) * Interop.IntAsFloat(BiasBits);
    }

    public float Scale(float low, float high) => XMath.Max(-low, high) * (1f / Largest);

    public void Store(ArrayView<Fp8x8> packs, long element, Float32x4 values) =>
        packs.Cast<uint>()[element >> 2] =
            Float8.Code(values.A) | Float8.Code(values.B) << 8 | Float8.Code(values.C) << 16 | Float8.Code(values.D) << 24;

    public BFloat16x8 Codes() => new(Pair(Low << 8), Pair(Low), Pair(High << 8), Pair(High));

    public int ElementAt(int place) => place / 4 * 4 + place % 4 / 2 + place % 2 * 2;

    public BFloat16x8 Values(float scale) => new(
        BFloat16Pair.Pack(Element(0) * scale, Element(1) * scale), BFloat16Pair.Pack(Element(2) * scale, Element(3) * scale),
        BFloat16Pair.Pack(Element(4) * scale, Element(5) * scale), BFloat16Pair.Pack(Element(6) * scale, Element(7) * scale));

    /// <summary>Two codes at the tops of the halves: a half's exponent has one bit more and the bias 15, so the numbers come times 2^-8.</summary>
    static uint Pair(uint codes) => HalfPair.MultiplyAdd((codes & 0x80008000u) | ((codes >> 1) & 0x3F803F80u), 0x5C005C00u, 0u);
}
