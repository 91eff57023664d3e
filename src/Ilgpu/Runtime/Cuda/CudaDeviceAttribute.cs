namespace IlgpuDca.Ilgpu.Runtime.Cuda;

/// <summary>What the driver knows of a device; the values are the driver's CUdevice_attribute.</summary>
enum CudaDeviceAttribute
{
    MaxThreadsPerGroup = 1,
    MaxGroupX = 2,
    MaxGroupY = 3,
    MaxGroupZ = 4,
    MaxGridX = 5,
    MaxGridY = 6,
    MaxGridZ = 7,
    ConstantBytes = 9,
    WarpSize = 10,
    RegistersPerGroup = 12,
    ClockRate = 13,
    Multiprocessors = 16,
    EccEnabled = 32,
    PciBus = 33,
    PciDevice = 34,
    MemoryClockRate = 36,
    MemoryBusWidth = 37,
    L2CacheBytes = 38,
    MaxThreadsPerMultiprocessor = 39,
    CopyEngines = 40,
    PciDomain = 50,
    ComputeCapabilityMajor = 75,
    ComputeCapabilityMinor = 76,
    SharedBytesPerMultiprocessor = 81,
    RegistersPerMultiprocessor = 82,
    ReachesRegisteredMemoryInPlace = 91,
    MaxSharedBytesPerGroup = 97,
}
