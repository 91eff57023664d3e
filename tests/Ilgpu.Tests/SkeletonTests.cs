namespace IlgpuDca.Ilgpu.Tests;
public class SkeletonTests { [Xunit.Fact] public void Builds() { } }
