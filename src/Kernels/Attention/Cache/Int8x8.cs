using ILGPU;
using ILGPU.Algorithms;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Attention.Cache;

/// <summary>Eight elements of <see cref="CacheType.Int8"/>: a byte each, 128 more than the number.</summary>
public readonly struct Int8x8(uint low, uint high) : ITensorCorePack<Int8x8>
{
    const int Bias = 128;
    const float Largest = 127f;

    /// <summary>Elements 0 to 3, and 4 to 7, the first in the lowest byte.</summary>
    public readonly uint Low = low, High = high;

    public int Count => 8;

    public bool IsScaled => true;

    public float Element(int index) => Rounded.ToFloat(((index < 4 ? Low : High) >> (index % 4 * 8)) & 0xFFu, Bias);

    public float Scale(float low, float high) => Rounded.Coarse(XMath.Max(-low, high) * (1f / Largest));

    public void Store(ArrayView<Int8x8> packs, long element, Float32x4 values) =>
        packs.Cast<uint>()[element >> 2] = Code(values.A) | Code(values.B) << 8 | Code(values.C) << 16 | Code(values.D) << 24;

    public BFloat16x8 Codes() => new(
        Pair(HalfPair.EvenBytes(Low)), Pair(HalfPair.OddBytes(Low)), Pair(HalfPair.EvenBytes(High)), Pair(HalfPair.OddBytes(High)));

    public int ElementAt(int place) => place / 4 * 4 + place % 4 / 2 + place % 2 * 2;

    public BFloat16x8 Values(float scale)
    {
        // A byte stands 2^15 above itself in units of the scale, and its bias comes off in the same sum; both are exact for a coarse scale.
        float unit = 256f * scale, bias = -(32768f + Bias) * scale;
        return new(Pair(Low, 0, unit, bias), Pair(Low, 2, unit, bias), Pair(High, 0, unit, bias), Pair(High, 2, unit, bias));
    }

    static uint Pair(uint word, int first, float unit, float bias) => BFloat16Pair.Pack(
        Rounded.WithByte(word, first) * unit + bias, Rounded.WithByte(word, first + 1) * unit + bias);

    static uint Code(float value) => (uint)(Rounded.ToInt(value) + Bias);

    /// <summary>1152 less: the 1024 of <see cref="HalfPair.EvenBytes"/> and <see cref="Bias"/>.</summary>
    static uint Pair(uint bytes) => HalfPair.MultiplyAdd(bytes, 0x3C003C00u, 0xE480E480u);
}
