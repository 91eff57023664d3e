using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace IlgpuDca.Loader.Quantization;

/// <summary>What the block formats share: reading packed codes and writing them scaled.</summary>
static class Codes
{
    /// <summary>Codes that are written at once.</summary>
    public const int Count = 32;

    /// <summary>A half-precision number at a place in a block.</summary>
    public static float Half(ref byte block, int at) =>
        (float)Unsafe.ReadUnaligned<Half>(ref Unsafe.Add(ref block, at));

    /// <summary>16 bytes of a block.</summary>
    public static Vector128<byte> Load16(ref byte block, int at) =>
        Vector128.LoadUnsafe(ref Unsafe.Add(ref block, at));

    /// <summary>32 bytes of a block.</summary>
    public static Vector256<byte> Load32(ref byte block, int at) =>
        Vector256.LoadUnsafe(ref Unsafe.Add(ref block, at));

    /// <summary>32 nibbles of 16 bytes: first the low ones, then the high ones.</summary>
    public static Vector256<byte> Nibbles(Vector128<byte> packed) =>
        Vector256.Create(packed & Vector128.Create((byte)0xF), packed >>> 4);

    /// <summary>Byte j is <paramref name="value"/> where bit j is set, else 0.</summary>
    public static Vector256<byte> OfBits(uint bits, byte value)
    {
        Vector128<byte> all = Vector128.Create(bits).AsByte();
        Vector256<byte> spread = Vector256.Create(
            Vector128.Shuffle(all, Vector128.Create((byte)0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1)),
            Vector128.Shuffle(all, Vector128.Create((byte)2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3)));
        Vector256<byte> bit = Vector256.Create(0x8040_2010_0804_0201ul).AsByte();
        return Vector256.Equals(spread & bit, bit) & Vector256.Create(value);
    }

    /// <summary><c>to[j] = scale · codes[j]</c></summary>
    public static void Store(Vector256<sbyte> codes, float scale, ref float to) => Store(codes, scale, scale, ref to);

    /// <summary><c>to[j] = scale · codes[j]</c>, with a scale of its own for the upper 16.</summary>
    public static void Store(Vector256<sbyte> codes, float lowerScale, float upperScale, ref float to)
    {
        (Vector256<short> lower, Vector256<short> upper) = Vector256.Widen(codes);
        (Vector256<float> a, Vector256<float> b) = Floats(lower);
        (Vector256<float> c, Vector256<float> d) = Floats(upper);
        (a * lowerScale).StoreUnsafe(ref to);
        (b * lowerScale).StoreUnsafe(ref to, 8);
        (c * upperScale).StoreUnsafe(ref to, 16);
        (d * upperScale).StoreUnsafe(ref to, 24);
    }

    /// <summary><c>to[j] = scale · codes[j] + offset</c>, rounded after the product and after the sum.</summary>
    /// <remarks>The upper 16 have a scale and an offset of their own.</remarks>
    public static void StoreOffset(Vector256<sbyte> codes,
        (float Scale, float Offset) forLower, (float Scale, float Offset) forUpper, ref float to)
    {
        (Vector256<short> lower, Vector256<short> upper) = Vector256.Widen(codes);
        (Vector256<float> a, Vector256<float> b) = Floats(lower);
        (Vector256<float> c, Vector256<float> d) = Floats(upper);
        Vector256<float> lowerOffset = Vector256.Create(forLower.Offset);
        Vector256<float> upperOffset = Vector256.Create(forUpper.Offset);
        (a * forLower.Scale + lowerOffset).StoreUnsafe(ref to);
        (b * forLower.Scale + lowerOffset).StoreUnsafe(ref to, 8);
        (c * forUpper.Scale + upperOffset).StoreUnsafe(ref to, 16);
        (d * forUpper.Scale + upperOffset).StoreUnsafe(ref to, 24);
    }

    static (Vector256<float> Lower, Vector256<float> Upper) Floats(Vector256<short> codes)
    {
        (Vector256<int> lower, Vector256<int> upper) = Vector256.Widen(codes);
        return (Vector256.ConvertToSingle(lower), Vector256.ConvertToSingle(upper));
    }
}
