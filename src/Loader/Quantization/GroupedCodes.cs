using System.Runtime.InteropServices;

namespace IlgpuDca.Loader.Quantization;

/// <summary>Recovers codes from weights whose scales are known, and packs them.</summary>
static class GroupedCodes
{
    /// <summary>
    /// Codes in the order that kernels read them: bytes, or words of eight 4-bit codes whose low halves hold the first four.
    /// </summary>
    /// <param name="format">How they are packed.</param>
    /// <param name="weights">Whole groups; overwritten.</param>
    /// <param name="scales">Of each group, exactly those that the weights were made with.</param>
    /// <param name="offsets">Of each group.</param>
    /// <param name="codes">Takes them.</param>
    public static void Pack(GroupedFormat format, Span<float> weights, ReadOnlySpan<float> scales, ReadOnlySpan<float> offsets, Span<byte> codes)
    {
        for (int group = 0; group < scales.Length; group++)
            Quotients(weights.Slice(group * format.Group, format.Group), scales[group], offsets[group], format is { Bits: 4, HasOffset: false } ? 8 : 0);
        if (format.Bits == 8)
        {
            Span<sbyte> bytes = MemoryMarshal.Cast<byte, sbyte>(codes);
            for (int i = 0; i < weights.Length; i++)
                bytes[i] = (sbyte)weights[i];
            return;
        }
        for (int i = 0; i < weights.Length; i += 8)
            for (int k = 0; k < 4; k++)
                codes[i / 2 + k] = (byte)(((int)weights[i + k] & 0xF) | ((int)weights[i + k + 4] & 0xF) << 4);
    }

    /// <summary>The nearest whole numbers of scales in each weight.</summary>
    static void Quotients(Span<float> weights, float scale, float offset, float middle)
    {
        float inverse = scale == 0 ? 0 : 1 / scale;
        for (int i = 0; i < weights.Length; i++)
            weights[i] = MathF.Round((weights[i] - offset) * inverse) + middle;
    }
}
