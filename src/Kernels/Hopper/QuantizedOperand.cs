using ILGPU;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Kernels.Quantization;
using Half = ILGPU.Half;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>
/// Codes of 64 rows of weights in shared memory become the left operand of a warpgroup's multiplications, in registers:
/// the same bfloat16 as <see cref="Unpack{T, TElement}"/> makes.
/// </summary>
/// <remarks>
/// A thread holds rows g = lane / 4 and g + 8 of its warp's 16, and of each 8 neighbours along k the two that the tensor
/// cores want from it: a word of codes gives one pair.
/// * 4 bits without offsets: a code as the lowest bits of 128's bfloat16 is 128 + code, and a scale is the sum of two
///   bfloat16, of which the second has 3 bits: three operations on pairs, of which only the last one rounds.
/// * Else a code as the second byte of 2^15's float32 is 2^15 + code; 2^15 + 128 times a scale fits a float32, so that
///   only the rounding to bfloat16 rounds: a permutation, a multiplication and half a conversion a weight, with an
///   offset one subtraction more.
/// * 8-bit floats become 16-bit ones by one instruction a pair, exactly, and those float32, times the scale.
/// Scales come in registers: lane t of four loads that of the t-th 32 of 128 weights, and the four share by shuffles.
/// </remarks>
/// <param name="lane">In the warp.</param>
/// <param name="row">The thread's first row in the tile; the other one is 8 below.</param>
/// <param name="format">How they are stored.</param>
readonly struct QuantizedOperand(int lane, int row, CodeFormat format)
{
    /// <summary>Weights along k whose scales are loaded at once.</summary>
    const int ScaleSpan = 128;

    /// <summary>2^15, whose lowest mantissa byte but one counts ones.</summary>
    const float Base = 32768f;

    /// <summary>Pairs of bfloat16.</summary>
    const uint One = 0x3F803F80u, Minus136 = 0xC308C308u, MinusZero = 0x80008000u;

    /// <summary>The thread's place among the four that share a row.</summary>
    readonly int _quad = lane & 3;

    /// <summary>What the copy engine's swizzle xors the pieces of the thread's rows with: the same for both.</summary>
    readonly int _swizzle = format.Bits == 4 ? row >> 2 & 1 : row >> 1 & 3;

    /// <summary>Picks this thread's two of 4 bytes in each of two words.</summary>
    readonly uint _selector = (lane & 1) == 0 ? 0x5410u : 0x7632u;

    /// <summary>
    /// The upper byte of 128 as bfloat16 and of 2^15 as float32. Not a constant to the assembler: only one operand of a
    /// permutation may be immediate, and it would move each one's selector to a register instead.
    /// </summary>
    readonly uint _raised = Warp.Shuffle(format.Bits == 4 && format.HasOffset == 0 ? 0x43u : 0x47u, 0);

    /// <summary>Codes 4 to 7 of 4 bits are the upper halves of bytes.</summary>
    readonly int _shift = (lane & 2) << 1;

    /// <summary>Scale words of a thread for 128 weights of its two rows; groups of 16 have two for 32 weights.</summary>
    public int ScaleWords => format.GroupShift == 4 ? 4 : 2;

    /// <summary>Whether weights are made as pairs of bfloat16.</summary>
    bool IsSplit => format.Bits == 4 && format.HasOffset == 0;

    /// <summary>What a code is more than the number, as its byte stands in a float.</summary>
    float Zero => format.Bits == 4 ? 8f : 128f;

    /// <summary>Has the scales of 128 weights of the two rows come, with their offsets in the upper halves.</summary>
    /// <param name="scales">The matrix's scales.</param>
    /// <param name="words">[halves of 32, two rows].</param>
    /// <param name="upper">Groups before the first row.</param>
    /// <param name="lower">Groups before the second row.</param>
    /// <param name="k">The first weight's place in a row; past the end the last group's scale is read again.</param>
    /// <param name="inner">Weights of a row.</param>
    public void LoadScales(ArrayView<Half> scales, ArrayView<uint> words, long upper, long lower, int k, int inner)
    {
        for (int half = 0; half < ScaleWords / 2; half++)
        {
            int group = IntrinsicMath.Min(k + _quad * (ScaleSpan / 4) + half * 16, inner - 1) >> format.GroupShift;
            words[2 * half] = Word(scales, upper + group);
            words[2 * half + 1] = Word(scales, lower + group);
        }
    }

    uint Word(ArrayView<Half> scales, long group) =>
        format.HasOffset != 0 || format.ConvertsFloat8 ? scales.Cast<uint>()[group] : scales.Cast<ushort>()[group];

    /// <summary>What came, as <see cref="Convert"/> takes it.</summary>
    public void TakeScales(ArrayView<uint> words, ArrayView<uint> came)
    {
        for (int i = 0; i < ScaleWords; i++)
            words[i] = IsSplit ? Split(HalfPair.Low(came[i])) : came[i];
    }

    /// <summary>A scale as the nearest bfloat16 and, in the upper half, what is left, at most 3 bits.</summary>
    static uint Split(float scale)
    {
        uint nearest = BFloat16Pair.Pack(scale, 0f);
        return nearest | BFloat16Pair.Pack(0f, scale - Interop.IntAsFloat(nearest << 16));
    }

    /// <summary>Has a step's codes of the two rows come; of each word two codes are this thread's.</summary>
    /// <param name="codes">The tile's codes of the step in shared memory, swizzled by the copy engine.</param>
    /// <param name="loaded">[two rows, 4 multiplications, 2 words].</param>
    public void LoadCodes(ArrayView<byte> codes, ArrayView<uint> loaded)
    {
        for (int below = 0; below < 2; below++)
            if (format.Bits == 4)
                for (int piece = 0; piece < 2; piece++)
                {
                    CodePack pack = codes.Cast<CodePack>()[(row + 8 * below) * 2 + (piece ^ _swizzle)];
                    loaded[8 * below + 4 * piece] = pack.A;
                    loaded[8 * below + 4 * piece + 1] = pack.B;
                    loaded[8 * below + 4 * piece + 2] = pack.C;
                    loaded[8 * below + 4 * piece + 3] = pack.D;
                }
            else
                for (int k = 0; k < 4; k++)
                {
                    int word = (row + 8 * below) * 16 + ((k ^ _swizzle) << 2) + (_quad >> 1);
                    loaded[8 * below + 2 * k] = codes.Cast<uint>()[word];
                    loaded[8 * below + 2 * k + 1] = codes.Cast<uint>()[word + 2];
                }
    }

    /// <summary>The left operand of the k-th multiplication of a step.</summary>
    /// <param name="fragment">4 words.</param>
    /// <param name="loaded">What <see cref="LoadCodes"/> loaded.</param>
    /// <param name="scales">What <see cref="TakeScales"/> made.</param>
    /// <param name="factors">[two rows, 2]: kept from one multiplication to the next.</param>
    /// <param name="step">0 or 1: which half of the scales' 128 weights.</param>
    /// <param name="k">0 to 3, in order.</param>
    public void Convert(
        ArrayView<uint> fragment, ArrayView<uint> loaded, ArrayView<uint> scales, ArrayView<uint> factors, int step,
        int k)
    {
        if (k % 2 == 0 || format.GroupShift == 4)
            Factors(factors, scales, step, k);
        for (int below = 0; below < 2; below++)
        {
            uint bytes = BytePermute.Of(loaded[8 * below + 2 * k], loaded[8 * below + 2 * k + 1], _selector);
            if (!format.ConvertsFloat8)
                bytes = format.Bits == 4 ? bytes >> _shift & 0x0F0F0F0Fu : bytes ^ 0x80808080u;
            for (int second = 0; second < 2; second++)
                fragment[below + 2 * second] = Pair(bytes, second, factors[2 * below], factors[2 * below + 1]);
        }
    }

    /// <summary>What the two rows' codes of the k-th multiplication are multiplied with, and what is added.</summary>
    void Factors(ArrayView<uint> factors, ArrayView<uint> scales, int step, int k)
    {
        for (int below = 0; below < 2; below++)
        {
            uint word = scales[(format.GroupShift == 4 ? k % 2 * 2 : 0) + below];
            if (format.GroupShift < 7)
                word = Warp.Shuffle(word, (lane & 28) + 2 * step + k / 2);
            float scale = format.ConvertsFloat8 ? Interop.IntAsFloat(word) : HalfPair.Low(word);
            factors[2 * below] = IsSplit ? BytePermute.Of(word, 0u, 0x1010u) : Interop.FloatAsInt(scale);
            factors[2 * below + 1] = IsSplit ? BytePermute.Of(word, 0u, 0x3232u)
                : Interop.FloatAsInt(format.HasOffset != 0 ? HalfPair.High(word) : -(Base + Zero) * scale);
        }
    }

    /// <summary>The weights of two neighbouring bytes, the lower or the upper ones of a word.</summary>
    uint Pair(uint bytes, int upper, uint factor, uint addend) =>
        format.ConvertsFloat8 ? Float8Pair(Float8.Halves(bytes >> 16 * upper), Interop.IntAsFloat(factor))
        : IsSplit ? SplitPair(BytePermute.Of(bytes, _raised, upper == 0 ? 0x4140u : 0x4342u), factor, addend)
        : BFloat16Pair.Pack(Weight(bytes, 2 * upper, factor, addend), Weight(bytes, 2 * upper + 1, factor, addend));

    static uint Float8Pair(uint halves, float scale) =>
        BFloat16Pair.Pack(HalfPair.Low(halves) * scale, HalfPair.High(halves) * scale);

    /// <summary>number · nearest + number · rest of 128 + code: that product is exact, the sum rounds once.</summary>
    static uint SplitPair(uint raised, uint nearest, uint rest)
    {
        uint number = BFloat16Pair.MultiplyAdd(raised, One, Minus136);
        return BFloat16Pair.MultiplyAdd(number, nearest, BFloat16Pair.MultiplyAdd(number, rest, MinusZero));
    }

    float Weight(uint bytes, int index, uint factor, uint addend)
    {
        float raised = Interop.IntAsFloat(BytePermute.Of(bytes, _raised, 0x4505u | (uint)index << 4));
        float number = format.HasOffset == 0 ? raised : raised - (format.Bits == 4 ? Base : Base + Zero);
        return number * Interop.IntAsFloat(factor) + Interop.IntAsFloat(addend);
    }
}
