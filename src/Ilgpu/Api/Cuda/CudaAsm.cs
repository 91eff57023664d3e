namespace ILGPU.Runtime.Cuda;

/// <summary>
/// PTX text inside kernels. Operands are %0, %1, …; a percent sign of PTX's own is written %%. Each instruction carries
/// its semicolon. On the CPU and as plain C#, <see cref="IsSupported"/> is false and Emit throws.
/// </summary>
public static partial class CudaAsm
{
    /// <summary>Whether this code runs as PTX; a constant inside kernels.</summary>
    public static bool IsSupported => false;

    /// <summary>PTX without operands.</summary>
    public static void Emit(string asm) => throw CudaOnly(nameof(Emit));

    static NotSupportedException CudaOnly(string member) =>
        new($"CudaAsm.{member} is available in CUDA kernels only; guard the call by CudaAsm.IsSupported.");
}
