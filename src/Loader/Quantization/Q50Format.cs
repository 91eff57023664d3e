using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace IlgpuDca.Loader.Quantization;

/// <summary>Half d; 32 fifth bits; 16 bytes of the codes' lower four: <c>d · (q - 16)</c>.</summary>
readonly struct Q50Format : IBlockFormat
{
    public static TensorType Type => TensorType.Q5_0;

    public static GroupedFormat Grouped => new(8, 32, false);

    public static void Unpack(ref byte block, ref float to)
    {
        uint fifthBits = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref block, 2));
        Vector256<byte> codes = Codes.Nibbles(Codes.Load16(ref block, 6)) | Codes.OfBits(fifthBits, 16);
        Codes.Store(codes.AsSByte() - Vector256.Create((sbyte)16), Codes.Half(ref block, 0), ref to);
    }

    public static (float Scale, float Offset) Scales(ref byte block, int group) => (Codes.Half(ref block, 0), 0);
}
