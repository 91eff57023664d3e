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
    public float Scale(float low, float high) => (-low > high ? low : high) * (-1f / Bias);

    public void Store(ArrayView<Int4x8> packs, long element, Float32x4 values) =>
        packs.Cast<ushort>()[element >> 2] = (ushort)(Code(values.A) | Code(values.B) << 4 | Code(values.C) << 8 | Code(values.D) << 12);

    public BFloat16x8 Codes() => new(Pair(Word), UpperPair(Word), Pair(Word >> 8), UpperPair(Word >> 8));

    public int ElementAt(int place) => place / 2 + place % 2 * 4;

    public BFloat16x8 Values(float scale) => PackElements.Scaled(this, scale);

    static int Code(float value) => IntrinsicMath.Min(Rounded.ToInt(value) + Bias, 15);

    /// <summary>The numbers in the lowest bits of the halves: 1024 and 8 less than a half that has them as its lowest bits.</summary>
    static uint Pair(uint word) => HalfPair.MultiplyAdd((word & 0x000F000Fu) | 0x64006400u, 0x3C003C00u, 0xE408E408u);

    /// <summary>The numbers in the four bits above: of 1024 + 16 times them, a sixteenth less 72.</summary>
    static uint UpperPair(uint word) => HalfPair.MultiplyAdd((word & 0x00F000F0u) | 0x64006400u, 0x2C002C00u, 0xD480D480u);
}
