namespace IlgpuDca.Model.Benchmarks.KernelSpeed;

/// <summary>A benchmark that can be made; nothing is allocated before.</summary>
/// <param name="Group">What it belongs to.</param>
/// <param name="Name">As the anchors call it.</param>
/// <param name="Create">Makes it on a device.</param>
public sealed record KernelCase(KernelGroup Group, string Name, Func<ComputeDevice, KernelBenchmark> Create);
