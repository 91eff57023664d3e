using System.Runtime.Intrinsics;

namespace IlgpuDca.Loader.Quantization;

/// <summary>Half d; 16 bytes of codes q: <c>d · (q - 8)</c>.</summary>
readonly struct Q40Format : IBlockFormat
{
    public static TensorType Type => TensorType.Q4_0;

    public static GroupedFormat Grouped => new(4, 32, false);

    public static void Unpack(ref byte block, ref float to)
    {
        Vector256<byte> codes = Codes.Nibbles(Codes.Load16(ref block, 2));
        Codes.Store(codes.AsSByte() - Vector256.Create((sbyte)8), Codes.Half(ref block, 0), ref to);
    }

    public static (float Scale, float Offset) Scales(ref byte block, int group) => (Codes.Half(ref block, 0), 0);
}
