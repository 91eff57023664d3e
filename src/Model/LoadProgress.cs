namespace IlgpuDca.Model;

/// <summary>How much of the weights is on the device, in bytes.</summary>
public readonly record struct LoadProgress(long Done, long Total);
