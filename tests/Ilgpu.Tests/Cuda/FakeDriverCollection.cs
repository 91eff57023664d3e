using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Cuda;

/// <summary>Tests that change the environment run one after the other.</summary>
[CollectionDefinition(nameof(FakeDriverCollection), DisableParallelization = true)]
public class FakeDriverCollection;
