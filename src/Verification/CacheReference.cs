using System.Runtime.CompilerServices;
using IlgpuDca.Kernels.Attention.Cache;

namespace IlgpuDca.Verification;

/// <summary>Rows of a cache type by its definition: whole numbers, E4M3, a scale; a plain type is its elements.</summary>
static class CacheReference
{
    /// <summary>As names of checks have it; empty for a plain type.</summary>
    public static string Name<TCache>() => typeof(TCache) == typeof(Fp8x8) ? "fp8" : typeof(TCache) == typeof(Int8x8) ? "int8" : typeof(TCache) == typeof(Int4x8) ? "int4" : "";

    /// <summary>Bytes of a row.</summary>
    public static int RowBytes<TCache>(int headSize)
        where TCache : unmanaged, ICachePack<TCache> => headSize / default(TCache).Count * Unsafe.SizeOf<TCache>();

    /// <summary>A row's elements without their scale.</summary>
    public static double[] Codes<TCache>(ReadOnlySpan<byte> row)
    {
        List<double> codes = [];
        foreach (byte value in row)
            if (typeof(TCache) == typeof(Int4x8))
                codes.AddRange((value & 15) - 8, (value >> 4) - 8);
            else
                codes.Add(typeof(TCache) == typeof(Int8x8) ? value - 128 : E4M3(value));
        return [.. codes];
    }

    /// <summary>A row with a scale that leaves no element outside; each element is the nearest there is.</summary>
    public static (byte[] Row, float Scale) Quantize<TCache>(ReadOnlySpan<float> row)
    {
        float largest = 0;
        foreach (float value in row)
            largest = Math.Max(largest, Math.Abs(value));
        float scale = largest / (typeof(TCache) == typeof(Fp8x8) ? 448 : typeof(TCache) == typeof(Int8x8) ? 127 : 7);
        // Scales of whole numbers have 11 significant bits, rounded away from zero.
        if (typeof(TCache) != typeof(Fp8x8))
            scale = BitConverter.UInt32BitsToSingle((BitConverter.SingleToUInt32Bits(scale) + 0x1FFF) & ~0x1FFFu);
        int[] codes = new int[row.Length];
        for (int i = 0; i < row.Length; i++)
        {
            double value = scale == 0 ? 0 : (double)row[i] / scale;
            codes[i] = typeof(TCache) == typeof(Fp8x8)
                ? Enumerable.Range(0, 256).Where(code => (code & 0x7F) != 0x7F).MinBy(code => Math.Abs(E4M3((byte)code) - value))
                : (int)Math.Round(value) + (typeof(TCache) == typeof(Int8x8) ? 128 : 8);
        }
        byte[] bytes = typeof(TCache) == typeof(Int4x8)
            ? [.. Enumerable.Range(0, row.Length / 2).Select(i => (byte)(codes[2 * i] | codes[2 * i + 1] << 4))]
            : [.. codes.Select(code => (byte)code)];
        return (bytes, scale);
    }

    /// <summary>How far the nearest element may be from a value, both divided by the scale.</summary>
    public static double HalfStep<TCache>(double value)
    {
        double magnitude = Math.Abs(value);
        if (typeof(TCache) == typeof(Fp8x8))
            return Math.ScaleB(1, Math.Max(-10, (int)Math.Floor(Math.Log2(Math.Max(magnitude, 1e-300))) - 4));
        // There is no 8.
        return typeof(TCache) == typeof(Int4x8) && value > 7.5 ? value - 7 : 0.5;
    }

    static double E4M3(byte code)
    {
        int exponent = (code >> 3) & 15, mantissa = code & 7;
        double magnitude = exponent == 0 ? Math.ScaleB(mantissa, -9) : Math.ScaleB(8 + mantissa, exponent - 10);
        return (code & 0x80) != 0 ? -magnitude : magnitude;
    }
}
