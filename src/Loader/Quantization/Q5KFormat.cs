using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace IlgpuDca.Loader.Quantization;

/// <summary>As Q4_K, with 32 bytes of fifth bits before the codes: <c>d · s · q - e · m</c>.</summary>
readonly struct Q5KFormat : IBlockFormat
{
    public static TensorType Type => TensorType.Q5_K;

    public static GroupedFormat Grouped => new(8, 32, true);

    public static void Unpack(ref byte block, ref float to)
    {
        (float, float) both = (Codes.Half(ref block, 0), Codes.Half(ref block, 2));
        Vector256<byte> fifthBits = Codes.Load32(ref block, 16);
        for (int part = 0; part < 8; part++)
        {
            Vector256<byte> packed = Codes.Load32(ref block, 48 + 32 * (part / 2));
            Vector256<byte> lower = (packed >>> (4 * (part % 2))) & Vector256.Create((byte)0xF);
            Vector256<byte> fifth = ((fifthBits >>> part) & Vector256<byte>.One) << 4;
            (float, float) pair = Q4KFormat.ScalePair(ref block, both, part);
            Codes.StoreOffset((lower | fifth).AsSByte(), pair, pair, ref Unsafe.Add(ref to, Codes.Count * part));
        }
    }

    public static (float Scale, float Offset) Scales(ref byte block, int group) =>
        Q4KFormat.ScalePair(ref block, (Codes.Half(ref block, 0), Codes.Half(ref block, 2)), group);
}
