namespace IlgpuDca.Model;

/// <summary>What a device has to give.</summary>
/// <param name="Available">Free bytes; what the driver's context takes is not among them.</param>
/// <param name="Rule">How buffers use them up.</param>
/// <param name="ProductScratch">Bytes that bf16 products need for themselves.</param>
/// <param name="Float8Scratch">What they need besides where weights and inputs are 8-bit floats.</param>
/// <param name="Unpacks">Whether quantised weights are unpacked into memory for bf16 products of many rows.</param>
public readonly record struct DeviceMemory(
    long Available, AllocationRule Rule, long ProductScratch = 0, long Float8Scratch = 0, bool Unpacks = true);
