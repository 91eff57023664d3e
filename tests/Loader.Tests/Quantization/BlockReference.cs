namespace IlgpuDca.Loader.Tests;

/// <summary>The block formats of GGUF in float64, element by element and the error that float32 may have.</summary>
/// <remarks>
/// Every format is <c>scale · code - least</c>, where scale and least are products of at most one half-precision number
/// and one integer. In float32 each product and each sum rounds once, by 2⁻²⁴ of what it gives.
/// </remarks>
static class BlockReference
{
    const double Rounding = 1.0 / (1 << 24);

    static readonly int[] Table = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    /// <summary>Element i of a block.</summary>
    public static (double Value, double Limit) Element(TensorType type, ReadOnlySpan<byte> block, int i)
    {
        (double scale, double code, double least) = Parts(type, block, i);
        double value = scale * code - least;
        // A second-order term of the roundings' products is covered by the factor.
        double limit = 1.000001 * Rounding * (2 * Math.Abs(scale * code) + Math.Abs(least) + Math.Abs(value));
        return (value, limit);
    }

    static (double Scale, double Code, double Least) Parts(TensorType type, ReadOnlySpan<byte> b, int i)
    {
        switch (type)
        {
            case TensorType.Q4_0: return (Half(b, 0), Nibble32(b[2..], i) - 8, 0);
            case TensorType.Q4_1: return (Half(b, 0), Nibble32(b[4..], i), -Half(b, 2));
            case TensorType.Q5_0: return (Half(b, 0), Nibble32(b[6..], i) + 16 * Bit(b[2..], i) - 16, 0);
            case TensorType.Q5_1: return (Half(b, 0), Nibble32(b[8..], i) + 16 * Bit(b[4..], i), -Half(b, 2));
            case TensorType.Q8_0: return (Half(b, 0), (sbyte)b[2 + i], 0);
            case TensorType.IQ4_NL: return (Half(b, 0), Table[Nibble32(b[2..], i)], 0);
            case TensorType.IQ4_XS:
                {
                    int group = i / 32;
                    int low = group % 2 == 0 ? b[4 + group / 2] % 16 : b[4 + group / 2] / 16;
                    int high = (b[2] + 256 * b[3]) / (1 << (2 * group)) % 4;
                    return (Half(b, 0) * (low + 16 * high - 32), Table[Nibble32(b[(8 + 16 * group)..], i % 32)], 0);
                }
            case TensorType.Q2_K:
                return (Half(b, 80) * (b[i / 16] % 16), TwoBits(b[16..], i), Half(b, 82) * (b[i / 16] / 16));
            case TensorType.Q3_K:
                {
                    int group = i / 16;
                    int low = group < 8 ? b[96 + group] % 16 : b[96 + group - 8] / 16;
                    int high = b[104 + group % 4] / (1 << (2 * (group / 4))) % 4;
                    // Bit i/32 of byte i%32 is the third bit of the code.
                    int third = b[i % 32] / (1 << (i / 32)) % 2;
                    return (Half(b, 108) * (low + 16 * high - 32), TwoBits(b[32..], i) + 4 * third - 4, 0);
                }
            case TensorType.Q4_K:
                {
                    (int scale, int least) = SixBits(b[4..], i / 32);
                    return (Half(b, 0) * scale, Nibble64(b[16..], i), Half(b, 2) * least);
                }
            case TensorType.Q5_K:
                {
                    (int scale, int least) = SixBits(b[4..], i / 32);
                    int fifth = b[16 + i % 32] / (1 << (i / 32)) % 2;
                    return (Half(b, 0) * scale, Nibble64(b[48..], i) + 16 * fifth, Half(b, 2) * least);
                }
            case TensorType.Q6_K:
                {
                    (int half, int within) = (i / 128, i % 128);
                    int packed = b[64 * half + within % 64];
                    int low = within < 64 ? packed % 16 : packed / 16;
                    int high = b[128 + 32 * half + within % 32] / (1 << (2 * (within / 32))) % 4;
                    return (Half(b, 208) * (sbyte)b[192 + i / 16], low + 16 * high - 32, 0);
                }
            default: throw new ArgumentException($"{type}");
        }
    }

    static double Half(ReadOnlySpan<byte> b, int at) => (double)BitConverter.ToHalf(b[at..]);

    static int Bit(ReadOnlySpan<byte> b, int i) => b[i / 8] / (1 << (i % 8)) % 2;

    /// <summary>16 bytes: elements 0 to 15 low, 16 to 31 high.</summary>
    static int Nibble32(ReadOnlySpan<byte> b, int i) => i < 16 ? b[i] % 16 : b[i - 16] / 16;

    /// <summary>32 bytes for each 64 elements: the first 32 low, the others high.</summary>
    static int Nibble64(ReadOnlySpan<byte> b, int i) =>
        i % 64 < 32 ? b[i / 64 * 32 + i % 32] % 16 : b[i / 64 * 32 + i % 32] / 16;

    /// <summary>32 bytes for each 128 elements: 2 bits of each byte for every 32.</summary>
    static int TwoBits(ReadOnlySpan<byte> b, int i) => b[i / 128 * 32 + i % 32] / (1 << (2 * (i % 128 / 32))) % 4;

    /// <summary>12 bytes: scale and least value of 8 groups, 6 bits each.</summary>
    static (int Scale, int Least) SixBits(ReadOnlySpan<byte> b, int group) => group < 4
        ? (b[group] % 64, b[group + 4] % 64)
        : (b[group + 4] % 16 + b[group - 4] / 64 * 16, b[group + 4] / 16 + b[group] / 64 * 16);
}
