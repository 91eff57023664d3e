using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Cpu;

/// <summary>Tests that measure time run while no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SpeedCollection
{
    public const string Name = "speed";
}
