using ILGPU;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Attention.Cache;

/// <summary>Eight elements of <see cref="CacheType.Int4"/>: half a byte each, 8 more than the number.</summary>
public readonly struct Int4x8(uint word) : ITensorCorePack<Int4x8>
{
    const int Bias = 8;

    /// <summary>The first element in the lowest bits.</summary>
    public readonly uint Word = word;

    public int Count => 8;

    public bool IsScaled => true;

    public float Element(int index) => Rounded.ToFloat((Word >> (index * 4)) & 0xFu, Bias);

    /// <summary>The sign is such that the element largest in magnitude becomes -8, for there is no 8.</summary>
    public float Scale(float low, float high) => Rounded.Coarse((-low > high ? low : high) * (-1f / Bias));

    public void Store(ArrayView<Int4x8> packs, long element, Float32x4 values) =>
        packs.Cast<ushort>()[element >> 2] = (ushort)(Code(values.A) | Code(values.B) << 4 | Code(values.C) << 8 | Code(values.D) << 12);

    public BFloat16x8 Codes() => new(Pair(Word), UpperPair(Word), Pair(Word >> 8), UpperPair(Word >> 8));

    public int ElementAt(int place) => place / 2 + place % 2 * 4;

    public BFloat16x8 Values(float scale)
    {
        uint first = Word << 8, last = Word >> 12;
        return new(
            BFloat16Pair.Pack(Value(first, 2, scale), Value(first, 3, scale)), BFloat16Pair.Pack(Value(Word, 2, scale), Value(Word, 3, scale)),
            BFloat16Pair.Pack(Value(Word, 4, scale), Value(last, 2, scale)), BFloat16Pair.Pack(Value(last, 3, scale), Value(last, 4, scale)));
    }

    /// <summary>
    /// A number times a scale, taken from bits 8 to 19 of a word: there it stands 2^(23 - 4 place), at place 2 to 4, above itself in units of
    /// the scale, and its bias comes off in the same sum; both are exact for a coarse scale.
    /// </summary>
    static float Value(uint word, int place, float scale)
    {
        float unit = 1 << (16 - 4 * place);
        return Interop.IntAsFloat((word & (0xFu << (4 * place))) | 0x43000000u) * (unit * scale) + -(128f * unit + Bias) * scale;
    }

    static int Code(float value) => IntrinsicMath.Min(Rounded.ToInt(value) + Bias, 15);

    /// <summary>The numbers in the lowest bits of the halves: 1024 and 8 less than a half that has them as its lowest bits.</summary>
    static uint Pair(uint word) => HalfPair.MultiplyAdd((word & 0x000F000Fu) | 0x64006400u, 0x3C003C00u, 0xE408E408u);

    /// <summary>The numbers in the four bits above: of 1024 + 16 times them, a sixteenth less 72.</summary>
    static uint UpperPair(uint word) => HalfPair.MultiplyAdd((word & 0x00F000F0u) | 0x64006400u, 0x2C002C00u, 0xD480D480u);
}
