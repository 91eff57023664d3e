namespace IlgpuDca.Kernels.Tests;
public class SkeletonTests { [Xunit.Fact] public void Builds() { } }
