namespace IlgpuDca.Verification.Conformance;

/// <summary>Arguments of kernels: the values at which operations have edges, then seeded random ones.</summary>
static class Inputs
{
    const int RandomValues = 40;

    static readonly long[] Integers =
    [
        0, 1, -1, 2, -2, 3, 5, -7, 8, 16, 31, 32, 33, 63, 64, 65, 100, 127, 128, -128, -129, 255, 256, 32767, -32768, 32768,
        65535, 65536, 0x55555555, int.MaxValue, int.MinValue, int.MinValue + 1L, uint.MaxValue, 1L << 32, long.MaxValue,
        long.MinValue, long.MinValue + 1,
        // Halfway between two floats and a little more, the little beyond a double's last bit.
        unchecked((long)0x8000_0080_0000_0001), 0x4000_0040_0000_0001,
    ];

    static readonly double[] Reals =
    [
        0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 0.9999999, -0.9999999, 3, 100.75, -100.75, 127.5, 128, -128.5, 255.5, 256,
        32767.5, 65535.5, 65536, 16777216, 16777218, 2147483520.0, 2147483648.0, -2147483648.0, -2147483904.0,
        4294967040.0, 4294967296.0,
        9223371487098961920.0, 9223372036854775808.0, -9223372036854775808.0, 18446742974197923840.0,
        18446744073709551616.0, 1e30, -1e30,
        1.401298464324817e-45, -1e-40, 1.1754943508222875e-38, 3.4028234663852886e38, -3.4028234663852886e38,
        double.PositiveInfinity, double.NegativeInfinity, double.NaN,
    ];

    /// <summary>Values of a type: int, uint, long, ulong, the narrow integers, bool, float, double.</summary>
    public static T[] Of<T>()
        where T : unmanaged
    {
        Random random = new(20261123);
        object[] values = typeof(T) == typeof(float) || typeof(T) == typeof(double)
            ? [.. Reals.Select(value => (object)value), .. Enumerable.Range(0, RandomValues).Select(_ => (object)Real(random))]
            : [.. Integers.Select(value => (object)value), .. Enumerable.Range(0, RandomValues).Select(_ => (object)Integer(random))];
        return [.. values.Select(value => (T)Cast(value, typeof(T))).Distinct()];
    }

    /// <summary>All pairs of the values of two types.</summary>
    public static (T1[] First, T2[] Second) Pairs<T1, T2>()
        where T1 : unmanaged
        where T2 : unmanaged
    {
        T1[] first = Of<T1>();
        T2[] second = Of<T2>();
        return ([.. first.SelectMany(value => Enumerable.Repeat(value, second.Length))],
            [.. first.SelectMany(_ => second)]);
    }

    static double Real(Random random) => (random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-20, 40));

    static long Integer(Random random) => random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);

    static object Cast(object value, Type type) => (Type.GetTypeCode(type), value) switch
    {
        (TypeCode.Boolean, long bits) => (bits & 1) != 0,
        (TypeCode.SByte, long bits) => (sbyte)bits,
        (TypeCode.Byte, long bits) => (byte)bits,
        (TypeCode.Int16, long bits) => (short)bits,
        (TypeCode.UInt16, long bits) => (ushort)bits,
        (TypeCode.Char, long bits) => (char)bits,
        (TypeCode.Int32, long bits) => (int)bits,
        (TypeCode.UInt32, long bits) => (uint)bits,
        (TypeCode.Int64, long bits) => bits,
        (TypeCode.UInt64, long bits) => (ulong)bits,
        (TypeCode.Single, double real) => (float)real,
        (TypeCode.Double, double real) => real,
        _ => throw new NotSupportedException($"No inputs of type {type}."),
    };
}
