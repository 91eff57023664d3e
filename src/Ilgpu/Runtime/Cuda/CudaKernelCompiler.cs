using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using IlgpuDca.Ilgpu.Frontend;
using IlgpuDca.Ilgpu.Ir;
using IlgpuDca.Ilgpu.Ptx;

namespace IlgpuDca.Ilgpu.Runtime.Cuda;

/// <summary>From a kernel's method to its PTX.</summary>
static class CudaKernelCompiler
{
    /// <summary>The PTX of a request for the accelerator's device.</summary>
    public static PtxKernel Compile(CudaAccelerator accelerator, KernelRequest request)
    {
        CompileOptions options = KernelCompilation.Options(request, CompileTarget.Cuda, accelerator.Context.Properties);
        KernelFunction function = KernelCompilation.Compile(
            request, options with { LaunchesOverlap = accelerator.Device.Architecture!.Value.Major >= 9 });
        int[]? slots = function.Parameters.Exists(parameter => parameter.Slots > 1)
            ? [.. function.Parameters.Select(parameter => parameter.Index)]
            : null;
        return new PtxKernel(PtxModule.Emit(function, accelerator.Device.Target), function.Name, slots)
        {
            WaitsForPrevious = LaunchIntrinsics.WaitsForPrevious(function),
        };
    }
}
