using ILGPU;
using Half = ILGPU.Half;

namespace IlgpuDca.Kernels.Quantization;

/// <summary>Eight neighbours of a quantised matrix as numbers: what a thread unpacks.</summary>
static class CodeOctet
{
    /// <summary>How many they are.</summary>
    public const int Count = 1 << Shift;

    /// <summary>log2 of it.</summary>
    public const int Shift = 3;

    const uint LowHalves = 0x0F0F0F0Fu, Signs = 0x80808080u;

    /// <summary>2^15, whose lowest mantissa byte but one counts ones.</summary>
    const float Base = 32768f;

    /// <summary>Its upper byte as a float32.</summary>
    public const uint BaseByte = 0x47u;

    /// <summary>Reads them; their codes lie in one word or two, and they have one scale.</summary>
    /// <param name="codes">All of the matrix.</param>
    /// <param name="scales">All of the matrix.</param>
    /// <param name="octet">Which eight.</param>
    /// <param name="values">Takes them.</param>
    /// <param name="bits">As the layout has it, as the next.</param>
    /// <param name="groupShift">log2 of a group.</param>
    /// <param name="kind"><see cref="QuantizedLayout.Kind"/>.</param>
    public static void Read(ArrayView<ulong> codes, ArrayView<Half> scales, long octet, ArrayView<float> values,
        int bits, int groupShift, int kind)
    {
        ulong both = bits == 4 ? codes.Cast<uint>()[octet] : codes[octet];
        Values((uint)both, (uint)(both >> 32), ScaleWord(scales, octet >> (groupShift - Shift), kind), values, bits, kind, BaseByte);
    }

    /// <summary>A group's scale as it is stored: a half, one with its offset in the upper half, or a float32.</summary>
    public static uint ScaleWord(ArrayView<Half> scales, long group, int kind) =>
        kind != 0 ? scales.Cast<uint>()[group] : scales.Cast<ushort>()[group];

    /// <summary>Their numbers.</summary>
    /// <remarks>
    /// A code as the second byte of 2^15's float32 is 2^15 + code, so no integer is converted, which takes four times as long as other
    /// operations. Half-precision scales times 2^15 + 8 or 2^15 + 128 fit a float32: nothing but the sum with an offset rounds, for both back ends
    /// contract a product and a sum to one rounding.
    /// </remarks>
    /// <param name="low">The codes of 4 bits, or the first four of 8.</param>
    /// <param name="high">The last four of 8 bits.</param>
    /// <param name="scaleWord">As <see cref="ScaleWord"/> reads it.</param>
    /// <param name="values">Takes them.</param>
    /// <param name="bits">As the layout has it.</param>
    /// <param name="kind"><see cref="QuantizedLayout.Kind"/>.</param>
    /// <param name="baseByte"><see cref="BaseByte"/>, perhaps in a register.</param>
    public static void Values(uint low, uint high, uint scaleWord, ArrayView<float> values, int bits, int kind, uint baseByte)
    {
        if (kind == QuantizedLayout.Float8)
        {
            float factor = Interop.IntAsFloat(scaleWord);
            for (int i = 0; i < Count; i++)
                values[i] = factor * Float8.Value(i < 4 ? low : high, i % 4);
            return;
        }
        // Codes of 8 bits have a sign: 128 is added to make them bytes.
        uint first = bits == 4 ? low & LowHalves : low ^ Signs, last = bits == 4 ? (low >> 4) & LowHalves : high ^ Signs;
        float scale = HalfPair.Low(scaleWord), zero = Base + (bits == 4 ? kind == 1 ? 0f : 8f : 128f);
        float addend = kind == 1 ? HalfPair.High(scaleWord) : -zero * scale;
        for (int i = 0; i < Count; i++)
        {
            float raised = Interop.IntAsFloat(BytePermute.Of(i < 4 ? first : last, baseByte, 0x4505u | (uint)(i % 4) << 4));
            values[i] = (kind == 1 ? raised - zero : raised) * scale + addend;
        }
    }
}
