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
        long group = octet >> (groupShift - Shift);
        float scale = kind == QuantizedLayout.Float8 ? scales.Cast<float>()[group]
            : (float)scales[kind != 0 ? 2 * group : group];
        float offset = kind == 1 ? (float)scales[2 * group + 1] : bits == 4 ? -8f * scale : 0f;
        ulong both = bits == 4 ? codes.Cast<uint>()[octet] : codes[octet];
        uint low = (uint)both, high = bits == 4 ? low >> 4 : (uint)(both >> 32);
        for (int i = 0; i < Count; i++)
        {
            uint word = i < 4 ? low : high, code = word >> (i % 4 * 8);
            values[i] = kind == QuantizedLayout.Float8 ? scale * Float8.Value(word, i % 4)
                : scale * (bits == 4 ? (int)(code & 15) : (sbyte)code) + offset;
        }
    }
}
