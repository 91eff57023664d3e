using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using IlgpuDca.Ilgpu.Frontend;
using IlgpuDca.Ilgpu.Runtime.Cuda;

namespace IlgpuDca.Ilgpu.Extensions;

/// <summary>Tells which kernels an accelerator has compiled.</summary>
public static class KernelInformation
{
    /// <summary>Every variant of every kernel that was launched or prepared so far.</summary>
    public static IReadOnlyList<CompiledKernel> CompiledKernels(this Accelerator accelerator)
    {
        CompileTarget target = accelerator is CPUAccelerator ? CompileTarget.Cpu : CompileTarget.Cuda;
        List<CompiledKernel> kernels = [];
        foreach (Kernel kernel in accelerator.LoadedKernels)
            foreach ((IReadOnlyDictionary<int, object> specialized, KernelCode code) in kernel.Variants)
                kernels.Add(new CompiledKernel(
                    kernel.Source.Method,
                    KernelCompilation.Options(new KernelRequest(kernel.Source, specialized), target, accelerator.Context.Properties),
                    code is CudaKernelCode cuda ? CudaInformation.ResourcesOf(cuda) : null));
        return kernels;
    }
}
