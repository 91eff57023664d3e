using System.Runtime.InteropServices;

namespace IlgpuDca.Ilgpu.Runtime.Cuda;

/// <summary>CUlaunchConfig: a launch with attributes, laid out as in the driver's header.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct CudaLaunchConfig
{
    public uint GridX, GridY, GridZ;
    public uint GroupX, GroupY, GroupZ;
    public uint DynamicSharedBytes;
    public nint Stream;
    public CudaLaunchAttribute* Attributes;
    public uint AttributeCount;
}
