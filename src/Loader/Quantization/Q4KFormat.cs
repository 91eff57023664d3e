using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace IlgpuDca.Loader.Quantization;

/// <summary>
/// Half d, half e; 8 scales s and least values m of 6 bits; 128 bytes of codes q:
/// <c>d · s · q - e · m</c>.
/// </summary>
readonly struct Q4KFormat : IBlockFormat
{
    public static TensorType Type => TensorType.Q4_K;

    public static GroupedFormat Grouped => new(4, 32, true);

    public static void Unpack(ref byte block, ref float to)
    {
        (float, float) both = (Codes.Half(ref block, 0), Codes.Half(ref block, 2));
        for (int part = 0; part < 8; part += 2)
        {
            Vector256<byte> packed = Codes.Load32(ref block, 16 + 16 * part);
            (float, float) lower = ScalePair(ref block, both, part), upper = ScalePair(ref block, both, part + 1);
            Codes.StoreOffset((packed & Vector256.Create((byte)0xF)).AsSByte(), lower, lower,
                ref Unsafe.Add(ref to, Codes.Count * part));
            Codes.StoreOffset((packed >>> 4).AsSByte(), upper, upper,
                ref Unsafe.Add(ref to, Codes.Count * (part + 1)));
        }
    }

    /// <summary>The scale and the negated least value of 32 elements.</summary>
    /// <remarks>
    /// Bytes 4 to 7 hold 4 scales and bytes 8 to 11 4 least values in their lower 6 bits; the upper 2 bits of these
    /// belong to the other 4 of each, whose lower 4 bits are in bytes 12 to 15: scales low, least values high.
    /// </remarks>
    public static (float Scale, float Offset) ScalePair(ref byte block, (float Scale, float Least) both, int part)
    {
        ref byte packed = ref Unsafe.Add(ref block, 4);
        int scale = Unsafe.Add(ref packed, part % 4), least = Unsafe.Add(ref packed, 4 + part % 4);
        if (part < 4)
            (scale, least) = (scale & 63, least & 63);
        else
        {
            int rest = Unsafe.Add(ref packed, 8 + part % 4);
            (scale, least) = ((rest & 0xF) | ((scale >> 6) << 4), (rest >> 4) | ((least >> 6) << 4));
        }
        return (both.Scale * scale, -(both.Least * least));
    }

    public static (float Scale, float Offset) Scales(ref byte block, int group) =>
        ScalePair(ref block, (Codes.Half(ref block, 0), Codes.Half(ref block, 2)), group);
}
