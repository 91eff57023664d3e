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
        float scale = Codes.Half(ref block, 80), least = Codes.Half(ref block, 82);
        for (int part = 0; part < 8; part++)
        {
            Vector256<byte> codes = (Codes.Load32(ref block, 16 + part / 4 * 32) >>> (2 * (part % 4)))
                & Vector256.Create((byte)3);
            Codes.StoreOffset(codes.AsSByte(), Pair(Unsafe.Add(ref block, 2 * part), scale, least),
                Pair(Unsafe.Add(ref block, 2 * part + 1), scale, least), ref Unsafe.Add(ref to, Codes.Count * part));
        }
    }

    public static (float Scale, float Offset) Scales(ref byte block, int group) =>
        Pair(Unsafe.Add(ref block, group), Codes.Half(ref block, 80), Codes.Half(ref block, 82));

    static (float Scale, float Offset) Pair(int both, float scale, float least) =>
        (scale * (both & 0xF), -(least * (both >> 4)));
}
