using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace IlgpuDca.Loader.Quantization;

/// <summary>
/// 128 bytes of the codes' lower 4 bits, 64 of their upper 2; 16 signed scales s; half d:
/// <c>d · s · (q - 32)</c>.
/// </summary>
readonly struct Q6KFormat : IBlockFormat
{
    public static TensorType Type => TensorType.Q6_K;

    public static GroupedFormat Grouped => new(8, 16, false);

    public static void Unpack(ref byte block, ref float to)
    {
        float scale = Codes.Half(ref block, 208);
        for (int part = 0; part < 8; part++)
        {
            // 128 elements have 64 bytes of lower bits: two parts in the low nibbles, two in the high ones.
            (int half, int quarter) = (part / 4, part % 4);
            Vector256<byte> lower = (Codes.Load32(ref block, 64 * half + 32 * (quarter % 2)) >>> (4 * (quarter / 2)))
                & Vector256.Create((byte)0xF);
            Vector256<byte> upper = ((Codes.Load32(ref block, 128 + 32 * half) >>> (2 * quarter))
                & Vector256.Create((byte)3)) << 4;
            Codes.Store((lower | upper).AsSByte() - Vector256.Create((sbyte)32), scale * ScaleCode(ref block, 2 * part),
                scale * ScaleCode(ref block, 2 * part + 1), ref Unsafe.Add(ref to, Codes.Count * part));
        }
    }

    static int ScaleCode(ref byte block, int index) => (sbyte)Unsafe.Add(ref block, 192 + index);

    public static (float Scale, float Offset) Scales(ref byte block, int group) =>
        (Codes.Half(ref block, 208) * ScaleCode(ref block, group), 0);
}
