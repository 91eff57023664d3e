using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Attention.Cache;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>Eight bfloat16, 16 bytes: two to a word, the first in the low half.</summary>
public readonly struct BFloat16x8(uint a, uint b, uint c, uint d) : IPack<BFloat16x8>, ITensorCorePack<BFloat16x8>
{
    public readonly uint A = a, B = b, C = c, D = d;

    public int Count => 8;

    public bool IsScaled => false;

    public float Dot(BFloat16x8 a, BFloat16x8 b, float sum) => DotWord(a.D, b.D, DotWord(a.C, b.C, DotWord(a.B, b.B, DotWord(a.A, b.A, sum))));

    public float Element(int index)
    {
        uint word = index < 2 ? A : index < 4 ? B : index < 6 ? C : D;
        return Interop.IntAsFloat(index % 2 == 0 ? word << 16 : word & 0xFFFF0000u);
    }

    public float Scale(float low, float high) => 1f;

    public void Store(ArrayView<BFloat16x8> packs, long element, Float32x4 values)
    {
        // Both conversions before both stores, which are then merged.
        uint low = BFloat16Pair.Pack(values.A, values.B), high = BFloat16Pair.Pack(values.C, values.D);
        ArrayView<uint> words = packs.Cast<uint>().SubView(element >> 1, 2).AsAligned(2 * sizeof(uint));
        words[0] = low;
        words[1] = high;
    }

    public BFloat16x8 Codes() => this;

    public int ElementAt(int place) => place;

    public BFloat16x8 Values(float scale) => this;

    static float DotWord(uint a, uint b, float sum) =>
        Interop.IntAsFloat(a & 0xFFFF0000u) * Interop.IntAsFloat(b & 0xFFFF0000u)
        + (Interop.IntAsFloat(a << 16) * Interop.IntAsFloat(b << 16) + sum);
}
