using System.Runtime.Intrinsics;

namespace IlgpuDca.Loader.Quantization;

/// <summary>Half d; 16 bytes of codes q: <c>d · table[q]</c>.</summary>
readonly struct IQ4NLFormat : IBlockFormat
{
    /// <summary>16 values, denser around 0.</summary>
    static readonly Vector128<sbyte> Table =
        Vector128.Create(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

    public static TensorType Type => TensorType.IQ4_NL;

    public static GroupedFormat Grouped => new(8, 32, false);

    public static void Unpack(ref byte block, ref float to)
    {
        Codes.Store(Look(Codes.Load16(ref block, 2)), Codes.Half(ref block, 0), ref to);
    }

    /// <summary>The table's values for 32 nibbles: first the low ones of the bytes, then the high ones.</summary>
    public static Vector256<sbyte> Look(Vector128<byte> packed) => Vector256.Create(
        Vector128.ShuffleNative(Table, (packed & Vector128.Create((byte)0xF)).AsSByte()),
        Vector128.ShuffleNative(Table, (packed >>> 4).AsSByte()));

    public static (float Scale, float Offset) Scales(ref byte block, int group) => (Codes.Half(ref block, 0), 0);
}
