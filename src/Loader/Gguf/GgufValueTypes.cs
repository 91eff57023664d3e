namespace IlgpuDca.Loader;

/// <summary>Facts about <see cref="GgufValueType"/>.</summary>
static class GgufValueTypes
{
    /// <summary>Bytes of a value of fixed size; 0 for strings and arrays, which tell their length themselves.</summary>
    public static int Bytes(this GgufValueType type) => type switch
    {
        GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Bool => 1,
        GgufValueType.UInt16 or GgufValueType.Int16 => 2,
        GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
        GgufValueType.UInt64 or GgufValueType.Int64 or GgufValueType.Float64 => 8,
        _ => 0,
    };

    /// <summary>Whether it is one of the eight integer types.</summary>
    public static bool IsInteger(this GgufValueType type) => type is GgufValueType.UInt8 or GgufValueType.Int8
        or GgufValueType.UInt16 or GgufValueType.Int16 or GgufValueType.UInt32 or GgufValueType.Int32
        or GgufValueType.UInt64 or GgufValueType.Int64;

    /// <summary>Whether it is an integer or a float.</summary>
    public static bool IsNumber(this GgufValueType type) =>
        type.IsInteger() || type is GgufValueType.Float32 or GgufValueType.Float64;
}
