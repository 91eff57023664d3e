namespace IlgpuDca.Verification.Conformance.Hopper;

/// <summary>How the operands of a product lie in shared memory, for the kernel.</summary>
struct ProductShape
{
    /// <summary>Bytes of a row of the swizzle; 16 without one.</summary>
    public int RowBytes;

    /// <summary>Bytes of all boxes.</summary>
    public int Bytes;

    /// <summary>A <see cref="Ilgpu.Extensions.SharedSwizzle"/>.</summary>
    public int Swizzle;
}
