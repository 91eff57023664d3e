using System.Runtime.InteropServices;

namespace ILGPU.Runtime.CPU;

/// <summary>
/// Runs kernels on the processor. Streams have no queue: a launch or copy is done when its call returns.
/// </summary>
public sealed class CPUAccelerator : Accelerator
{
    internal CPUAccelerator(Context context, CPUDevice device, CPUAcceleratorMode mode)
        : base(context, device)
    {
        Mode = mode;
        SetDefaultStream(new CpuStream(this));
        context.Register(this);
    }

    /// <summary>How groups are spread.</summary>
    public CPUAcceleratorMode Mode { get; }

    /// <summary>Whether groups run one after the other on the calling thread.</summary>
    public bool UsesSequentialExecution => Mode == CPUAcceleratorMode.Sequential;

    /// <summary>Threads that can be resident at once.</summary>
    public int NumThreads => MaxNumThreads;

    /// <summary>Turns a request into code; the compiler, unless a test puts its own here.</summary>
    internal Func<CPUAccelerator, KernelRequest, KernelCode> Compiler { get; set; } = CpuKernelCode.Compile;

    internal override unsafe void CopyBytes(AcceleratorStream stream, nint target, nint source, long bytes) =>
        Buffer.MemoryCopy((void*)source, (void*)target, bytes, bytes);

    internal override unsafe void SetBytes(AcceleratorStream stream, nint target, byte value, long bytes) =>
        NativeMemory.Fill((void*)target, (nuint)bytes, value);

    private protected override void BindDevice()
    {
    }

    private protected override AcceleratorStream MakeStream() => new CpuStream(this);

    private protected override void SynchronizeAll()
    {
    }

    private protected override void CloseDevice()
    {
    }

    private protected override MemoryBuffer MakeBuffer(long length, int elementSize) =>
        new CPUMemoryBuffer(this, length, elementSize);

    private protected override MemoryBuffer MakePageLockedBuffer(long length, int elementSize) =>
        new CPUMemoryBuffer(this, length, elementSize);

    private protected override PageLockScope<T> MakePageLock<T>(nint pinned, long length) =>
        new CpuPageLock<T>(this, pinned, length);

    private protected override bool QueryPeer(Accelerator other) => true;

    private protected override void SetPeer(Accelerator other, bool enable)
    {
    }

    private protected override Kernel MakeKernel(KernelSource source) => new CPUKernel(this, source);
}
