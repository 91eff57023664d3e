using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace IlgpuDca.Loader.Quantization;

/// <summary>Half d, half m; 32 fifth bits; 16 bytes of the codes' lower four: <c>d · q + m</c>.</summary>
readonly struct Q51Format : IBlockFormat
{
    public static TensorType Type => TensorType.Q5_1;

    public static GroupedFormat Grouped => new(8, 32, true);

    public static void Unpack(ref byte block, ref float to)
    {
        uint fifthBits = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref block, 4));
        Vector256<byte> codes = Codes.Nibbles(Codes.Load16(ref block, 8)) | Codes.OfBits(fifthBits, 16);
        (float, float) pair = (Codes.Half(ref block, 0), Codes.Half(ref block, 2));
        Codes.StoreOffset(codes.AsSByte(), pair, pair, ref to);
    }

    public static (float Scale, float Offset) Scales(ref byte block, int group) => (Codes.Half(ref block, 0), Codes.Half(ref block, 2));
}
