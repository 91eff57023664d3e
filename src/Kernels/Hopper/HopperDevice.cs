using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>Where the kernels of this folder are the fastest.</summary>
static class HopperDevice
{
    /// <summary>wgmma is compute capability 9.0's alone.</summary>
    const int Major = 9;

    /// <summary>Whether an accelerator has the units; the CPU accelerator runs them too, but for tests.</summary>
    public static bool Is(Accelerator accelerator) => accelerator is CudaAccelerator { Device.Architecture.Major: Major };
}
