using System.Runtime.Intrinsics;

namespace IlgpuDca.Loader.Quantization;

/// <summary>Half d, half m; 16 bytes of codes q: <c>d · q + m</c>.</summary>
readonly struct Q41Format : IBlockFormat
{
    public static TensorType Type => TensorType.Q4_1;

    public static GroupedFormat Grouped => new(4, 32, true);

    public static void Unpack(ref byte block, ref float to)
    {
        (float, float) pair = (Codes.Half(ref block, 0), Codes.Half(ref block, 2));
        Codes.StoreOffset(Codes.Nibbles(Codes.Load16(ref block, 4)).AsSByte(), pair, pair, ref to);
    }

    public static (float Scale, float Offset) Scales(ref byte block, int group) => (Codes.Half(ref block, 0), Codes.Half(ref block, 2));
}
