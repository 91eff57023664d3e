using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace IlgpuDca.Loader.Quantization;

/// <summary>
/// 16 bytes of scale s and least value m, 4 bits each; 64 bytes of codes q; half d, half e:
/// <c>d · s · q - e · m</c>.
/// </summary>
readonly struct Q2KFormat : IBlockFormat
{
    public static TensorType Type => TensorType.Q2_K;

    public static GroupedFormat Grouped => new(8, 16, true);

    public static void Unpack(ref byte block, ref float to)
    {
        for (int part = 0; part < 8; part++)
        {
            Vector256<byte> codes = (Codes.Load32(ref block, 16 + part / 4 * 32) >>> (2 * (part % 4)))
                & Vector256.Create((byte)3);
            Codes.StoreOffset(codes.AsSByte(), Scales(ref block, 2 * part), Scales(ref block, 2 * part + 1),
                ref Unsafe.Add(ref to, Codes.Count * part));
        }
    }

    public static (float Scale, float Offset) Scales(ref byte block, int group)
    {
        int both = Unsafe.Add(ref block, group);
        return (Codes.Half(ref block, 80) * (both & 0xF), -(Codes.Half(ref block, 82) * (both >> 4)));
    }
}
