namespace IlgpuDca.Loader.Tests;
public class SkeletonTests { [Xunit.Fact] public void Builds() { } }
