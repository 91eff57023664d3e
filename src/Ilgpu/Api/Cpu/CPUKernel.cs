namespace ILGPU.Runtime.CPU;

/// <summary>A kernel on the processor.</summary>
public sealed class CPUKernel : Kernel
{
    internal CPUKernel(CPUAccelerator accelerator, KernelSource source)
        : base(accelerator, source)
    {
        CPUAccelerator = accelerator;
    }

    /// <summary>The accelerator.</summary>
    public CPUAccelerator CPUAccelerator { get; }

    private protected override KernelCode Compile(KernelRequest request) =>
        CPUAccelerator.Compiler(CPUAccelerator, request);
}
