using IlgpuDca.Ilgpu.Runtime.Cuda;

namespace ILGPU.Runtime.Cuda;

/// <summary>A kernel on an NVIDIA GPU.</summary>
public sealed class CudaKernel : Kernel
{
    readonly CudaAccelerator _accelerator;

    internal CudaKernel(CudaAccelerator accelerator, KernelSource source)
        : base(accelerator, source)
    {
        _accelerator = accelerator;
    }

    /// <summary>The CUmodule of the latest variant; compiles the kernel where that is possible.</summary>
    public IntPtr ModulePtr => Code.Module;

    /// <summary>The CUfunction of the latest variant; compiles the kernel where that is possible.</summary>
    public IntPtr FunctionPtr => Code.Function;

    /// <summary>The latest variant.</summary>
    internal CudaKernelCode Code => (CudaKernelCode)AnyCode;

    private protected override KernelCode Compile(KernelRequest request) =>
        new CudaKernelCode(_accelerator.PrimaryContext, Source.Name, _accelerator.Compiler(_accelerator, request));
}
