using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace IlgpuDca.Loader.Quantization;

/// <summary>
/// 32 bytes of third bits; 64 bytes of the codes' lower two;
/// 16 scales s of 6 bits; half d: <c>d · (s - 32) · (q - 4)</c>.
/// </summary>
readonly struct Q3KFormat : IBlockFormat
{
    public static TensorType Type => TensorType.Q3_K;

    public static GroupedFormat Grouped => new(8, 16, false);

    public static void Unpack(ref byte block, ref float to)
    {
        Vector256<byte> thirdBits = Codes.Load32(ref block, 0);
        float scale = Codes.Half(ref block, 108);
        for (int part = 0; part < 8; part++)
        {
            Vector256<byte> lower = (Codes.Load32(ref block, 32 + part / 4 * 32) >>> (2 * (part % 4)))
                & Vector256.Create((byte)3);
            Vector256<byte> third = ((thirdBits >>> part) & Vector256<byte>.One) << 2;
            Codes.Store((lower | third).AsSByte() - Vector256.Create((sbyte)4),
                scale * (ScaleCode(ref block, 2 * part) - 32), scale * (ScaleCode(ref block, 2 * part + 1) - 32),
                ref Unsafe.Add(ref to, Codes.Count * part));
        }
    }

    /// <summary>Of 12 bytes, the first 8 hold the lower 4 bits of 16 scales, the last 4 their upper 2.</summary>
    static int ScaleCode(ref byte block, int index)
    {
        const int scales = 96;
        int lower = (Unsafe.Add(ref block, scales + index % 8) >> (4 * (index / 8))) & 0xF;
        int upper = (Unsafe.Add(ref block, scales + 8 + index % 4) >> (2 * (index / 4))) & 3;
        return lower | (upper << 4);
    }

    public static (float Scale, float Offset) Scales(ref byte block, int group) =>
        (Codes.Half(ref block, 108) * (ScaleCode(ref block, group) - 32), 0);
}
