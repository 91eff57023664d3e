using IlgpuDca.Ilgpu.Frontend;
using IlgpuDca.Ilgpu.Runtime.Cpu;

namespace ILGPU.Runtime.CPU;

/// <summary>A kernel compiled for the processor.</summary>
sealed class CpuKernelCode : KernelCode
{
    /// <summary>Threads of a group that keeps the cost of starting one small.</summary>
    const int GoodGroupSize = 256;

    readonly CPUAccelerator _accelerator;
    readonly CpuKernel _kernel;

    CpuKernelCode(CPUAccelerator accelerator, CpuKernel kernel)
    {
        _accelerator = accelerator;
        _kernel = kernel;
    }

    /// <summary>Compiles a request; its code is emitted as launches reach it.</summary>
    public static KernelCode Compile(CPUAccelerator accelerator, KernelRequest request)
    {
        ContextProperties properties = accelerator.Context.Properties;
        var options = new CpuOptions(
            properties.EnableAssertions,
            accelerator.UsesSequentialExecution ? 1 : accelerator.NumMultiprocessors,
            properties.AsynchronousTiming,
            properties.DetectRaces);
        return new CpuKernelCode(
            accelerator,
            CpuKernel.Compile(KernelCompilation.Compile(request, KernelCompilation.Options(request, CompileTarget.Cpu, properties)), options));
    }

    public override void Launch(AcceleratorStream stream, in KernelConfig config, Span<ulong> slots)
    {
        Index3D grid = config.GridDim, group = config.GroupDim;
        _kernel.Launch(
            new LaunchDimensions(grid.X, grid.Y, grid.Z, group.X, group.Y, group.Z),
            slots,
            config.SharedMemoryConfig.ArraySize);
    }

    public override int MaxActiveGroups(int groupSize, int dynamicSharedBytes) =>
        _accelerator.MaxNumThreadsPerMultiprocessor / groupSize;

    public override int BestGroupSize(int dynamicSharedBytes, int maxGroupSize, out int minGridSize)
    {
        minGridSize = _accelerator.NumMultiprocessors;
        return maxGroupSize > 0 ? Math.Min(maxGroupSize, GoodGroupSize) : GoodGroupSize;
    }

    public override void Dispose() => _kernel.Dispose();
}
