namespace IlgpuDca.Ilgpu.Extensions;

/// <summary>
/// How 16-byte pieces are permuted in shared memory so that columns spread over the banks: piece index bits are xored with the bits
/// of the row within a pattern. A swizzled box starts at a multiple of its pattern (256, 512, 1,024 bytes).
/// The numbers are CUtensorMapSwizzle's.
/// </summary>
public enum SharedSwizzle
{
    /// <summary>As it is.</summary>
    None = 0,
    /// <summary>Rows of 32 bytes.</summary>
    Bytes32 = 1,
    /// <summary>Rows of 64 bytes.</summary>
    Bytes64 = 2,
    /// <summary>Rows of 128 bytes: bits 4 to 6 of an address are xored with bits 7 to 9.</summary>
    Bytes128 = 3,
}
