namespace IlgpuDca.Model;

/// <summary>What a device has to give.</summary>
/// <param name="Available">Free bytes; what the driver's context takes is not among them.</param>
/// <param name="Rule">How buffers use them up.</param>
public readonly record struct DeviceMemory(long Available, AllocationRule Rule);
