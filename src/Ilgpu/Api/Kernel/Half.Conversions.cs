namespace ILGPU;

/// <summary>
/// Conversions. Those from and to float and double are native to kernels; the others go through float, which is
/// exact wherever the result is finite.
/// </summary>
partial struct Half
{
    public static implicit operator float(Half value) => (float)BitConverter.UInt16BitsToHalf(value.RawValue);

    public static implicit operator double(Half value) => (double)BitConverter.UInt16BitsToHalf(value.RawValue);

    public static explicit operator Half(float value) => new(BitConverter.HalfToUInt16Bits((System.Half)value));

    public static explicit operator Half(double value) => new(BitConverter.HalfToUInt16Bits((System.Half)value));

    public static explicit operator byte(Half value) => (byte)(float)value;

    public static explicit operator Half(byte value) => (Half)(float)value;

    public static explicit operator sbyte(Half value) => (sbyte)(float)value;

    public static explicit operator Half(sbyte value) => (Half)(float)value;

    public static explicit operator short(Half value) => (short)(float)value;

    public static explicit operator Half(short value) => (Half)(float)value;

    public static explicit operator ushort(Half value) => (ushort)(float)value;

    public static explicit operator Half(ushort value) => (Half)(float)value;

    public static explicit operator int(Half value) => (int)(float)value;

    public static explicit operator Half(int value) => (Half)(float)value;

    public static explicit operator uint(Half value) => (uint)(float)value;

    public static explicit operator Half(uint value) => (Half)(float)value;

    public static explicit operator long(Half value) => (long)(float)value;

    public static explicit operator Half(long value) => (Half)(float)value;

    public static explicit operator ulong(Half value) => (ulong)(float)value;

    public static explicit operator Half(ulong value) => (Half)(float)value;
}
