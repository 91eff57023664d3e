using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ILGPU;

/// <summary>Bit patterns and sizes.</summary>
public static class Interop
{
    /// <summary>The bits of a float.</summary>
    public static uint FloatAsInt(float value) => BitConverter.SingleToUInt32Bits(value);

    /// <summary>The bits of a double.</summary>
    public static ulong FloatAsInt(double value) => BitConverter.DoubleToUInt64Bits(value);

    /// <summary>The bits of a half.</summary>
    public static ushort FloatAsInt(Half value) => value.RawValue;

    /// <summary>The float that has these bits.</summary>
    public static float IntAsFloat(uint value) => BitConverter.UInt32BitsToSingle(value);

    /// <summary>The double that has these bits.</summary>
    public static double IntAsFloat(ulong value) => BitConverter.UInt64BitsToDouble(value);

    /// <summary>The half that has these bits.</summary>
    public static Half IntAsFloat(ushort value) => new(value);

    /// <summary>Bytes of one element.</summary>
    public static int SizeOf<T>()
        where T : unmanaged =>
        Unsafe.SizeOf<T>();

    /// <summary>Bytes of one element.</summary>
    public static int SizeOf<T>(T structure)
        where T : unmanaged =>
        Unsafe.SizeOf<T>();

    /// <summary>Bytes from the start of a struct to a field.</summary>
    public static int OffsetOf<T>(string fieldName)
        where T : struct =>
        Marshal.OffsetOf<T>(fieldName).ToInt32();

    /// <summary>Bytes from a pointer to the next multiple of the alignment, a power of two.</summary>
    public static int ComputeAlignmentOffset(long ptr, int alignmentInBytes) =>
        (int)(-ptr & (alignmentInBytes - 1));
}
