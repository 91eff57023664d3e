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

    public static void Unpack(ref byte block, ref float to)
    {
        float scale = Codes.Half(ref block, 80), least = Codes.Half(ref block, 82);
        for (int part = 0; part < 8; part++)
        {
            Vector256<byte> codes = (Codes.Load32(ref block, 16 + part / 4 * 32) >>> (2 * (part % 4)))
                & Vector256.Create((byte)3);
            int lower = Unsafe.Add(ref block, 2 * part), upper = Unsafe.Add(ref block, 2 * part + 1);
            Codes.StoreOffset(codes.AsSByte(), (scale * (lower & 0xF), -(least * (lower >> 4))),
                (scale * (upper & 0xF), -(least * (upper >> 4))), ref Unsafe.Add(ref to, Codes.Count * part));
        }
    }
}
