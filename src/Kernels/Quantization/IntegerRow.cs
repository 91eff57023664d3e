using ILGPU;
using ILGPU.Algorithms;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Quantization;

/// <summary>
/// A row of activations as 16-bit integers in a group's shared memory, a scale for each 32 neighbours: what is lost is 2^-16 of the
/// largest of them, far below what bf16 itself loses.
/// <code>x[k] = scale[k / 32] · integer[k],   scale = max over the 32 of |x| / 32767</code>
/// </summary>
/// <remarks>
/// In shared memory: four planes of packs of 8 integers, pack q of block b at q · blocks + b, so that neighbouring threads read
/// neighbouring packs; then the scales; then the sums of the integers of each half block. A NaN or infinity makes the scale NaN.
/// </remarks>
/// <param name="packs">[4, blocks] packs of integers.</param>
/// <param name="scales">[blocks].</param>
/// <param name="sums">[blocks, 2].</param>
readonly struct IntegerRow(ArrayView<CodePack> packs, ArrayView<float> scales, ArrayView<int> sums)
{
    /// <summary>Neighbours that share a scale.</summary>
    public const int Block = 32;

    const float Largest = 32767f;

    /// <summary>Below this a block counts as zero: its reciprocal would overflow.</summary>
    const float Smallest = 1e-30f;

    const uint InfinityBits = 0x7F800000u;

    /// <summary>1.5 · 2^23: added to a float below 2^22, it leaves the nearest integer in the low bits.</summary>
    const float Rounding = 12582912f;

    public readonly ArrayView<CodePack> Packs = packs;
    public readonly ArrayView<float> Scales = scales;
    public readonly ArrayView<int> Sums = sums;

    /// <summary>Words of dynamic shared memory for a row.</summary>
    public static int SharedWords(int inner) => inner / 2 + inner / Block * 3;

    /// <summary>The row in the launch's dynamic shared memory.</summary>
    public static IntegerRow Shared(int inner)
    {
        ArrayView<uint> words = SharedMemory.GetDynamic<uint>();
        int blocks = inner / Block;
        return new IntegerRow(words.SubView(0, inner / 2).Cast<CodePack>(), words.SubView(inner / 2, blocks).Cast<float>(),
            words.SubView(inner / 2 + blocks, 2 * blocks).Cast<int>());
    }

    /// <summary>Fills it, all threads of the group together; they must meet before they read.</summary>
    /// <param name="x">The row, as packs.</param>
    public void Fill<TPack>(ArrayView<TPack> x)
        where TPack : unmanaged, IPack<TPack>
    {
        int perBlock = Block / default(TPack).Count, blocks = Scales.IntLength;
        for (int b = Group.IdxX; b < blocks; b += Group.DimX)
        {
            ArrayView<TPack> loaded = LocalMemory.Allocate<TPack>(Block);
            for (int i = 0; i < perBlock; i++)
                loaded[i] = x[(long)b * perBlock + i];
            // Magnitudes are compared as integers, which puts infinities and NaN above all numbers; even and odd elements side by side.
            uint even = 0, odd = 0;
            for (int i = 0; i < perBlock; i++)
                for (int e = 0; e < default(TPack).Count; e += 2)
                {
                    even = IntrinsicMath.Max(even, Interop.FloatAsInt(loaded[i].Element(e)) & 0x7FFFFFFFu);
                    odd = IntrinsicMath.Max(odd, Interop.FloatAsInt(loaded[i].Element(e + 1)) & 0x7FFFFFFFu);
                }
            uint bits = IntrinsicMath.Max(even, odd);
            float largest = Interop.IntAsFloat(bits), inverse = largest > Smallest ? Largest * XMath.Rcp(largest) : 0f;
            Scales[b] = bits < InfinityBits ? largest * (1f / Largest) : float.NaN;
            ArrayView<uint> words = LocalMemory.Allocate<uint>(Block / 2);
            for (int w = 0; w < Block / 2; w++)
            {
                uint low = Integer(loaded[2 * w / default(TPack).Count].Element(2 * w % default(TPack).Count), inverse);
                uint high = Integer(loaded[(2 * w + 1) / default(TPack).Count].Element((2 * w + 1) % default(TPack).Count), inverse);
                words[w] = (low & 0xFFFFu) | (high << 16);
            }
            for (int half = 0; half < 2; half++)
            {
                CodePack first = new(words[8 * half], words[8 * half + 1], words[8 * half + 2], words[8 * half + 3]);
                CodePack second = new(words[8 * half + 4], words[8 * half + 5], words[8 * half + 6], words[8 * half + 7]);
                Packs[2 * half * blocks + b] = first;
                Packs[(2 * half + 1) * blocks + b] = second;
                Sums[2 * b + half] = DotProduct.Sum(first) + DotProduct.Sum(second);
            }
        }
    }

    /// <summary>The nearest integer to a product, in the low 16 bits.</summary>
    static uint Integer(float value, float inverse) => Interop.FloatAsInt(value * inverse + Rounding);
}
