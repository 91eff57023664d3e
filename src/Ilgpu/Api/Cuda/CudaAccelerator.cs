using IlgpuDca.Ilgpu.Runtime.Cuda;

namespace ILGPU.Runtime.Cuda;

/// <summary>Runs kernels on an NVIDIA GPU, in the device's primary context.</summary>
public sealed unsafe class CudaAccelerator : Accelerator
{
    readonly CudaDevice _device;

    internal CudaAccelerator(Context context, CudaDevice device, CudaPrimaryContext primaryContext)
        : base(context, device)
    {
        _device = device;
        PrimaryContext = primaryContext;
        NativePtr = primaryContext.Handle;
        SetDefaultStream(new CudaStream(this, IntPtr.Zero, responsible: false));
        context.Register(this);
    }

    /// <summary>The device.</summary>
    public new CudaDevice Device => _device;

    /// <summary>The device's number, from 0.</summary>
    public int DeviceId => _device.DeviceId;

    /// <summary>The CUDA version that the driver supports.</summary>
    public CudaDriverVersion DriverVersion => _device.DriverVersion;

    /// <summary>Compute capability.</summary>
    public CudaArchitecture Architecture => _device.Architecture!.Value;

    /// <summary>The PTX version that kernels are written in.</summary>
    public CudaInstructionSet InstructionSet => _device.InstructionSet!.Value;

    /// <summary>Bytes of the L2 cache.</summary>
    public int L2CacheSize => _device.L2CacheSize;

    /// <summary>Clock of the multiprocessors in kHz.</summary>
    public int ClockRate => _device.ClockRate;

    /// <summary>Clock of the memory in kHz.</summary>
    public int MemoryClockRate => _device.MemoryClockRate;

    /// <summary>Width of the memory bus in bits.</summary>
    public int MemoryBusWidth => _device.MemoryBusWidth;

    /// <summary>Bytes of shared memory of a multiprocessor.</summary>
    public int MaxSharedMemoryPerMultiprocessor => _device.MaxSharedMemoryPerMultiprocessor;

    /// <summary>32-bit registers of a multiprocessor.</summary>
    public int TotalNumRegistersPerMultiprocessor => _device.TotalNumRegistersPerMultiprocessor;

    /// <summary>The device's context.</summary>
    internal CudaPrimaryContext PrimaryContext { get; }

    /// <summary>Turns a request into PTX; the compiler, unless a test puts its own here.</summary>
    internal Func<CudaAccelerator, KernelRequest, PtxKernel> Compiler { get; set; } = CudaKernelCompiler.Compile;

    CudaDriver Driver => PrimaryContext.Driver;

    /// <summary>Bytes of device memory that are free.</summary>
    public long GetFreeMemory() => MemoryInfo().Free;

    /// <summary>A new stream.</summary>
    public CudaStream CreateStream(StreamFlags flag)
    {
        PrimaryContext.MakeCurrent();
        nint stream;
        Driver.Require(Driver.StreamCreate(&stream, (uint)flag), "cuStreamCreate");
        return new CudaStream(this, stream, responsible: true);
    }

    /// <summary>A stream that exists already.</summary>
    /// <param name="ptr">The CUstream.</param>
    /// <param name="responsible">Whether disposing destroys it.</param>
    public CudaStream CreateStream(IntPtr ptr, bool responsible) => new(this, ptr, responsible);

    internal (long Free, long Total) MemoryInfo()
    {
        PrimaryContext.MakeCurrent();
        nuint free, total;
        Driver.Require(Driver.MemGetInfo(&free, &total), "cuMemGetInfo");
        return ((long)free, (long)total);
    }

    internal override void CopyBytes(AcceleratorStream stream, nint target, nint source, long bytes)
    {
        PrimaryContext.MakeCurrent();
        Driver.Require(
            Driver.MemcpyAsync(target, source, (nuint)bytes, Pointer(stream)), $"cuMemcpyAsync of {bytes} bytes");
    }

    internal override void SetBytes(AcceleratorStream stream, nint target, byte value, long bytes)
    {
        PrimaryContext.MakeCurrent();
        Driver.Require(
            Driver.MemsetAsync(target, value, (nuint)bytes, Pointer(stream)), $"cuMemsetD8Async of {bytes} bytes");
    }

    private protected override void BindDevice() => PrimaryContext.MakeCurrent();

    private protected override AcceleratorStream MakeStream() => CreateStream(StreamFlags.CU_STREAM_NON_BLOCKING);

    private protected override void SynchronizeAll()
    {
        PrimaryContext.MakeCurrent();
        Driver.Require(Driver.CtxSynchronize(), "cuCtxSynchronize");
    }

    private protected override void CloseDevice() => PrimaryContext.Close();

    private protected override MemoryBuffer MakeBuffer(long length, int elementSize) =>
        new CudaMemoryBuffer(this, length, elementSize);

    private protected override MemoryBuffer MakePageLockedBuffer(long length, int elementSize) =>
        new CudaPageLockedBuffer(this, length, elementSize);

    private protected override PageLockScope<T> MakePageLock<T>(nint pinned, long length) =>
        CudaPageLockScope<T>.Lock(this, pinned, length);

    private protected override bool QueryPeer(Accelerator other)
    {
        int can;
        Driver.Require(
            Driver.DeviceCanAccessPeer(&can, _device.Handle, ((CudaAccelerator)other)._device.Handle),
            "cuDeviceCanAccessPeer");
        return can != 0;
    }

    private protected override void SetPeer(Accelerator other, bool enable)
    {
        PrimaryContext.MakeCurrent();
        Driver.Require(
            enable ? Driver.CtxEnablePeerAccess(other.NativePtr, 0) : Driver.CtxDisablePeerAccess(other.NativePtr),
            enable ? "cuCtxEnablePeerAccess" : "cuCtxDisablePeerAccess");
    }

    private protected override Kernel MakeKernel(KernelSource source) => new CudaKernel(this, source);

    // A copy between two devices may be queued on a stream of either: the stream of this device, or its default stream.
    nint Pointer(AcceleratorStream stream) =>
        stream is CudaStream own && ReferenceEquals(own.Accelerator, this) ? own.StreamPtr : IntPtr.Zero;
}
