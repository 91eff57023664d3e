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

    public void Store(ArrayView<Int4x8> packs, long element, float first, float second) =>
        packs.Cast<byte>()[element >> 1] = (byte)(Code(first) | Code(second) << 4);

    public BFloat16x8 Codes() => new(Pair(Word), Pair(Word >> 8), Pair(Word >> 16), Pair(Word >> 24));

    public BFloat16x8 Values(float scale) => PackElements.Scaled(this, scale);

    static int Code(float value) => IntrinsicMath.Min(Rounded.ToInt(value) + Bias, 15);

    /// <summary>The two numbers of byte 0: 1024 + first and 1024 + 16 · second, times 1 and 1/16, less 1032 and 72.</summary>
    static uint Pair(uint word) => HalfPair.MultiplyAdd(((word & 0xFu) | ((word << 16) & 0xF00000u)) | 0x64006400u, 0x2C003C00u, 0xD480E408u);
}
