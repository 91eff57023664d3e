using System.Collections.Immutable;
using System.Text;
using IlgpuDca.Ilgpu.Ptx;
using IlgpuDca.Ilgpu.Runtime.Cuda;

namespace ILGPU.Runtime.Cuda;

/// <summary>An NVIDIA GPU.</summary>
public sealed unsafe class CudaDevice : Device
{
    /// <summary>The oldest compute capability that kernels are compiled for.</summary>
    const int MinimumMajor = 8;

    readonly CudaDriver _driver;

    CudaDevice(CudaDriver driver, int ordinal)
        : base(AcceleratorType.Cuda)
    {
        _driver = driver;
        DeviceId = ordinal;
        int handle;
        driver.Require(driver.DeviceGet(&handle, ordinal), "cuDeviceGet");
        Handle = handle;
        Name = ReadName();
        nuint memory;
        driver.Require(driver.DeviceTotalMem(&memory, handle), "cuDeviceTotalMem");
        MemorySize = (long)memory;
        Architecture = new CudaArchitecture(
            Read(CudaDeviceAttribute.ComputeCapabilityMajor), Read(CudaDeviceAttribute.ComputeCapabilityMinor));
        WarpSize = Read(CudaDeviceAttribute.WarpSize);
        NumMultiprocessors = Read(CudaDeviceAttribute.Multiprocessors);
        MaxNumThreadsPerGroup = Read(CudaDeviceAttribute.MaxThreadsPerGroup);
        MaxNumThreadsPerMultiprocessor = Read(CudaDeviceAttribute.MaxThreadsPerMultiprocessor);
        MaxSharedMemoryPerGroup = Read(CudaDeviceAttribute.MaxSharedBytesPerGroup);
        MaxConstantMemory = Read(CudaDeviceAttribute.ConstantBytes);
        MaxGridSize = new Index3D(
            Read(CudaDeviceAttribute.MaxGridX), Read(CudaDeviceAttribute.MaxGridY), Read(CudaDeviceAttribute.MaxGridZ));
        MaxGroupSize = new Index3D(
            Read(CudaDeviceAttribute.MaxGroupX),
            Read(CudaDeviceAttribute.MaxGroupY),
            Read(CudaDeviceAttribute.MaxGroupZ));
    }

    /// <summary>The device's number, from 0.</summary>
    public int DeviceId { get; }

    /// <summary>The CUDA version that the driver supports.</summary>
    public CudaDriverVersion DriverVersion => CudaDriverVersion.FromValue(_driver.DriverVersion);

    /// <summary>Compute capability.</summary>
    public CudaArchitecture? Architecture { get; }

    /// <summary>The PTX version that kernels are written in.</summary>
    public CudaInstructionSet? InstructionSet => new CudaInstructionSet(Target.Version / 10, Target.Version % 10);

    /// <summary>Bytes of the L2 cache.</summary>
    public int L2CacheSize => Read(CudaDeviceAttribute.L2CacheBytes);

    /// <summary>Whether kernels reach memory that the program has locked by the host's address.</summary>
    internal bool ReachesLockedPages => Read(CudaDeviceAttribute.ReachesRegisteredMemoryInPlace) != 0;

    /// <summary>Clock of the multiprocessors in kHz.</summary>
    public int ClockRate => Read(CudaDeviceAttribute.ClockRate);

    /// <summary>Clock of the memory in kHz.</summary>
    public int MemoryClockRate => Read(CudaDeviceAttribute.MemoryClockRate);

    /// <summary>Width of the memory bus in bits.</summary>
    public int MemoryBusWidth => Read(CudaDeviceAttribute.MemoryBusWidth);

    /// <summary>Bytes of shared memory of a multiprocessor.</summary>
    public int MaxSharedMemoryPerMultiprocessor => Read(CudaDeviceAttribute.SharedBytesPerMultiprocessor);

    /// <summary>32-bit registers of a multiprocessor.</summary>
    public int TotalNumRegistersPerMultiprocessor => Read(CudaDeviceAttribute.RegistersPerMultiprocessor);

    /// <summary>32-bit registers that a group can have.</summary>
    public int TotalNumRegistersPerGroup => Read(CudaDeviceAttribute.RegistersPerGroup);

    /// <summary>Engines that copy beside running kernels.</summary>
    public int NumConcurrentCopyEngines => Read(CudaDeviceAttribute.CopyEngines);

    /// <summary>Whether memory errors are corrected.</summary>
    public bool HasECCSupport => Read(CudaDeviceAttribute.EccEnabled) != 0;

    /// <summary>PCI domain.</summary>
    public int PCIDomainId => Read(CudaDeviceAttribute.PciDomain);

    /// <summary>PCI bus.</summary>
    public int PCIBusId => Read(CudaDeviceAttribute.PciBus);

    /// <summary>PCI device.</summary>
    public int PCIDeviceId => Read(CudaDeviceAttribute.PciDevice);

    /// <summary>The driver's device.</summary>
    internal int Handle { get; }

    /// <summary>What kernels are compiled for.</summary>
    internal PtxTarget Target =>
        CudaTarget.For(Architecture!.Value.Major, Architecture.Value.Minor, _driver.DriverVersion);

    /// <summary>The devices of this machine that a predicate takes.</summary>
    /// <exception cref="CudaException">No driver, an old or broken one, or no device.</exception>
    public static ImmutableArray<Device> GetDevices(Predicate<CudaDevice> predicate)
    {
        CudaDriver driver = CudaDriver.Open();
        int count;
        driver.Require(driver.DeviceGetCount(&count), "cuDeviceGetCount");
        if (count == 0)
            throw driver.Failure(CudaError.CUDA_ERROR_NO_DEVICE, "cuDeviceGetCount");

        ImmutableArray<Device>.Builder devices = ImmutableArray.CreateBuilder<Device>();
        for (int ordinal = 0; ordinal < count; ordinal++)
        {
            var device = new CudaDevice(driver, ordinal);
            if (predicate(device))
                devices.Add(device);
        }

        return devices.ToImmutable();
    }

    /// <inheritdoc/>
    public override Accelerator CreateAccelerator(Context context) => CreateCudaAccelerator(context);

    /// <summary>Makes an accelerator.</summary>
    public CudaAccelerator CreateCudaAccelerator(Context context) =>
        CreateCudaAccelerator(context, CudaAcceleratorFlags.ScheduleAuto);

    /// <summary>Makes an accelerator that waits for the device in a certain way.</summary>
    /// <exception cref="CudaException">The device is too old, or the driver refused.</exception>
    public CudaAccelerator CreateCudaAccelerator(Context context, CudaAcceleratorFlags acceleratorFlags)
    {
        if (Architecture!.Value.Major < MinimumMajor)
        {
            throw new CudaException(
                $"{Name} has compute capability {Architecture.Value.Major}.{Architecture.Value.Minor}; "
                + $"{MinimumMajor}.0 or newer is needed. Fix: choose another device, or run on the CPU.");
        }

        return new CudaAccelerator(context, this, new CudaPrimaryContext(_driver, Handle, (uint)acceleratorFlags));
    }

    int Read(CudaDeviceAttribute attribute)
    {
        int value;
        _driver.Require(_driver.DeviceGetAttribute(&value, (int)attribute, Handle), $"cuDeviceGetAttribute {attribute}");
        return value;
    }

    string ReadName()
    {
        const int MaxNameBytes = 256;
        byte* name = stackalloc byte[MaxNameBytes];
        _driver.Require(_driver.DeviceGetName(name, MaxNameBytes, Handle), "cuDeviceGetName");
        var bytes = new ReadOnlySpan<byte>(name, MaxNameBytes);
        return Encoding.UTF8.GetString(bytes[..bytes.IndexOf((byte)0)]);
    }
}
