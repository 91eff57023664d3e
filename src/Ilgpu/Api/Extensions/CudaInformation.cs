using ILGPU;
using ILGPU.Runtime.Cuda;
using IlgpuDca.Ilgpu.Ptx;
using IlgpuDca.Ilgpu.Runtime.Cuda;

namespace IlgpuDca.Ilgpu.Extensions;

/// <summary>What ILGPU's API does not tell about CUDA.</summary>
public static class CudaInformation
{
    /// <summary>
    /// Why a context that asked for CUDA devices has none, in one sentence; null where it has, or did not ask.
    /// </summary>
    public static string? WhyNoCuda(this Context context) => context.CudaUnavailable?.Message;

    /// <summary>Bytes of device memory: free now, and in all.</summary>
    public static (long Free, long Total) GetMemoryInfo(this CudaAccelerator accelerator) => accelerator.MemoryInfo();

    /// <summary>The .target of this device's kernels, such as sm_90a.</summary>
    public static string GetPtxTarget(this CudaDevice device) => device.Target.Architecture;

    /// <summary>The PTX version and target of this device's kernels.</summary>
    public static PtxTarget GetTarget(this CudaDevice device) => device.Target;

    /// <summary>What the kernel's latest variant takes of the GPU; compiles it where that is possible.</summary>
    public static KernelResources GetResources(this CudaKernel kernel) => ResourcesOf(kernel.Code);

    /// <summary>What compiled code takes of the GPU.</summary>
    internal static KernelResources ResourcesOf(CudaKernelCode code) => new(
        code.Attribute(CudaFunctionAttribute.Registers),
        code.Attribute(CudaFunctionAttribute.LocalBytes),
        code.Attribute(CudaFunctionAttribute.SharedBytes),
        code.Attribute(CudaFunctionAttribute.MaxThreadsPerGroup),
        code.CompilerLog);
}
