namespace IlgpuDca.Loader;

/// <summary>The element types of tensors, named as in the files that hold them.</summary>
/// <remarks>
/// First those of safetensors files, then those that GGUF files add, then those of derived tensors, which are packed
/// in several tensors of a file. Not all can be read: <see cref="TensorTypes.IsReadable"/>.
/// </remarks>
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
    /// <summary>GGUF: 32 elements of 4 bits and their scale.</summary>
    Q4_0,
    /// <summary>GGUF: 32 elements of 4 bits, their scale and least value.</summary>
    Q4_1,
    /// <summary>GGUF: 32 elements of 5 bits and their scale.</summary>
    Q5_0,
    /// <summary>GGUF: 32 elements of 5 bits, their scale and least value.</summary>
    Q5_1,
    /// <summary>GGUF: 32 elements of 8 bits and their scale.</summary>
    Q8_0,
    /// <summary>GGUF: 256 elements of 2 bits with scales and least values of 16.</summary>
    Q2_K,
    /// <summary>GGUF: 256 elements of 3 bits with scales of 16.</summary>
    Q3_K,
    /// <summary>GGUF: 256 elements of 4 bits with scales and least values of 32.</summary>
    Q4_K,
    /// <summary>GGUF: 256 elements of 5 bits with scales and least values of 32.</summary>
    Q5_K,
    /// <summary>GGUF: 256 elements of 6 bits with scales of 16.</summary>
    Q6_K,
    /// <summary>GGUF: 32 elements of 4 bits that select from a fixed table, and their scale.</summary>
    IQ4_NL,
    /// <summary>GGUF: 256 elements of 4 bits that select from a fixed table, with scales of 32.</summary>
    IQ4_XS,
    /// <summary>Derived: 4 bits in AWQ's GEMM layout, with zero points and scales of groups.</summary>
    AWQ4,
    /// <summary>Derived: 4 bits in GPTQ's layout, with zero points and scales of groups.</summary>
    GPTQ4,
}
