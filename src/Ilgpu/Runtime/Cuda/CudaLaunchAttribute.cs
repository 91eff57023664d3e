using System.Runtime.InteropServices;

namespace IlgpuDca.Ilgpu.Runtime.Cuda;

/// <summary>CUlaunchAttribute with a value of one int: 8 bytes for the identifier, 64 for the value.</summary>
[StructLayout(LayoutKind.Explicit, Size = 72)]
struct CudaLaunchAttribute
{
    /// <summary>CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION: 1 lets the kernel start early.</summary>
    public const int ProgrammaticStreamSerialization = 6;

    [FieldOffset(0)]
    public int Identifier;

    [FieldOffset(8)]
    public int Value;
}
