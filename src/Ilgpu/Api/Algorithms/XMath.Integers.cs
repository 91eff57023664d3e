namespace ILGPU.Algorithms;

/// <summary>Mathematics inside kernels; as plain C# the same functions of <see cref="Math"/>.</summary>
public static partial class XMath
{
    /// <summary>Magnitude.</summary>
    public static sbyte Abs(sbyte value) => (sbyte)(value < 0 ? -value : value);

    /// <summary>Magnitude.</summary>
    public static short Abs(short value) => (short)(value < 0 ? -value : value);

    /// <summary>Magnitude.</summary>
    public static int Abs(int value) => value < 0 ? -value : value;

    /// <summary>Magnitude.</summary>
    public static long Abs(long value) => value < 0 ? -value : value;

    /// <summary>Smaller of two.</summary>
    public static sbyte Min(sbyte first, sbyte second) => Math.Min(first, second);

    /// <summary>Larger of two.</summary>
    public static sbyte Max(sbyte first, sbyte second) => Math.Max(first, second);

    /// <summary>value, kept between min and max.</summary>
    public static sbyte Clamp(sbyte value, sbyte min, sbyte max) => Max(min, Min(max, value));

    /// <summary>Smaller of two.</summary>
    public static short Min(short first, short second) => Math.Min(first, second);

    /// <summary>Larger of two.</summary>
    public static short Max(short first, short second) => Math.Max(first, second);

    /// <summary>value, kept between min and max.</summary>
    public static short Clamp(short value, short min, short max) => Max(min, Min(max, value));

    /// <summary>Smaller of two.</summary>
    public static int Min(int first, int second) => Math.Min(first, second);

    /// <summary>Larger of two.</summary>
    public static int Max(int first, int second) => Math.Max(first, second);

    /// <summary>value, kept between min and max.</summary>
    public static int Clamp(int value, int min, int max) => Max(min, Min(max, value));

    /// <summary>Smaller of two.</summary>
    public static long Min(long first, long second) => Math.Min(first, second);

    /// <summary>Larger of two.</summary>
    public static long Max(long first, long second) => Math.Max(first, second);

    /// <summary>value, kept between min and max.</summary>
    public static long Clamp(long value, long min, long max) => Max(min, Min(max, value));

    /// <summary>Smaller of two.</summary>
    public static byte Min(byte first, byte second) => Math.Min(first, second);

    /// <summary>Larger of two.</summary>
    public static byte Max(byte first, byte second) => Math.Max(first, second);

    /// <summary>value, kept between min and max.</summary>
    public static byte Clamp(byte value, byte min, byte max) => Max(min, Min(max, value));

    /// <summary>Smaller of two.</summary>
    public static ushort Min(ushort first, ushort second) => Math.Min(first, second);

    /// <summary>Larger of two.</summary>
    public static ushort Max(ushort first, ushort second) => Math.Max(first, second);

    /// <summary>value, kept between min and max.</summary>
    public static ushort Clamp(ushort value, ushort min, ushort max) => Max(min, Min(max, value));

    /// <summary>Smaller of two.</summary>
    public static uint Min(uint first, uint second) => Math.Min(first, second);

    /// <summary>Larger of two.</summary>
    public static uint Max(uint first, uint second) => Math.Max(first, second);

    /// <summary>value, kept between min and max.</summary>
    public static uint Clamp(uint value, uint min, uint max) => Max(min, Min(max, value));

    /// <summary>Smaller of two.</summary>
    public static ulong Min(ulong first, ulong second) => Math.Min(first, second);

    /// <summary>Larger of two.</summary>
    public static ulong Max(ulong first, ulong second) => Math.Max(first, second);

    /// <summary>value, kept between min and max.</summary>
    public static ulong Clamp(ulong value, ulong min, ulong max) => Max(min, Min(max, value));

    /// <summary>Quotient of two non-negative numbers, rounded down.</summary>
    public static int DivRoundDown(int numerator, int denominator) => numerator / denominator;

    /// <summary>Quotient of two non-negative numbers, rounded down.</summary>
    public static long DivRoundDown(long numerator, long denominator) => numerator / denominator;

    /// <summary>Quotient of two non-negative numbers, rounded up.</summary>
    public static int DivRoundUp(int numerator, int denominator) => (numerator + denominator - 1) / denominator;

    /// <summary>Quotient of two non-negative numbers, rounded up.</summary>
    public static long DivRoundUp(long numerator, long denominator) => (numerator + denominator - 1) / denominator;

    /// <summary>Bits that are set.</summary>
    public static int PopCount(int value) => System.Numerics.BitOperations.PopCount((uint)value);

    /// <summary>Bits that are set.</summary>
    public static int PopCount(uint value) => System.Numerics.BitOperations.PopCount(value);

    /// <summary>Bits that are set.</summary>
    public static int PopCount(long value) => System.Numerics.BitOperations.PopCount((ulong)value);

    /// <summary>Bits that are set.</summary>
    public static int PopCount(ulong value) => System.Numerics.BitOperations.PopCount(value);

    /// <summary>Zero bits above the highest set one.</summary>
    public static int LeadingZeroCount(int value) => System.Numerics.BitOperations.LeadingZeroCount((uint)value);

    /// <summary>Zero bits above the highest set one.</summary>
    public static int LeadingZeroCount(uint value) => System.Numerics.BitOperations.LeadingZeroCount(value);

    /// <summary>Zero bits above the highest set one.</summary>
    public static int LeadingZeroCount(long value) => System.Numerics.BitOperations.LeadingZeroCount((ulong)value);

    /// <summary>Zero bits above the highest set one.</summary>
    public static int LeadingZeroCount(ulong value) => System.Numerics.BitOperations.LeadingZeroCount(value);

    /// <summary>Zero bits below the lowest set one.</summary>
    public static int TrailingZeroCount(int value) => System.Numerics.BitOperations.TrailingZeroCount((uint)value);

    /// <summary>Zero bits below the lowest set one.</summary>
    public static int TrailingZeroCount(uint value) => System.Numerics.BitOperations.TrailingZeroCount(value);

    /// <summary>Zero bits below the lowest set one.</summary>
    public static int TrailingZeroCount(long value) => System.Numerics.BitOperations.TrailingZeroCount((ulong)value);

    /// <summary>Zero bits below the lowest set one.</summary>
    public static int TrailingZeroCount(ulong value) => System.Numerics.BitOperations.TrailingZeroCount(value);
}
