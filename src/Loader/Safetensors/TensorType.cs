namespace IlgpuDca.Loader;

/// <summary>The element types that a safetensors file may hold, named as in the file.</summary>
/// <remarks>F32, F16 and BF16 can be read here; a file may hold the others, and they are listed.</remarks>
public enum TensorType
{
    /// <summary>One byte, 0 or 1.</summary>
    BOOL,
    /// <summary>4-bit float.</summary>
    F4,
    /// <summary>6-bit float, 2 exponent bits.</summary>
    F6_E2M3,
    /// <summary>6-bit float, 3 exponent bits.</summary>
    F6_E3M2,
    /// <summary>Unsigned byte.</summary>
    U8,
    /// <summary>Signed byte.</summary>
    I8,
    /// <summary>8-bit float, 5 exponent bits.</summary>
    F8_E5M2,
    /// <summary>8-bit float, 4 exponent bits.</summary>
    F8_E4M3,
    /// <summary>8-bit power of two.</summary>
    F8_E8M0,
    /// <summary>8-bit float, 4 exponent bits, no infinity and no negative zero.</summary>
    F8_E4M3FNUZ,
    /// <summary>8-bit float, 5 exponent bits, no infinity and no negative zero.</summary>
    F8_E5M2FNUZ,
    /// <summary>Signed 16-bit integer.</summary>
    I16,
    /// <summary>Unsigned 16-bit integer.</summary>
    U16,
    /// <summary>IEEE half precision.</summary>
    F16,
    /// <summary>The upper half of a float32.</summary>
    BF16,
    /// <summary>Signed 32-bit integer.</summary>
    I32,
    /// <summary>Unsigned 32-bit integer.</summary>
    U32,
    /// <summary>IEEE single precision.</summary>
    F32,
    /// <summary>Complex of two float32.</summary>
    C64,
    /// <summary>IEEE double precision.</summary>
    F64,
    /// <summary>Signed 64-bit integer.</summary>
    I64,
    /// <summary>Unsigned 64-bit integer.</summary>
    U64,
}
