namespace IlgpuDca.Model.Tests;
public class SkeletonTests { [Xunit.Fact] public void Builds() { } }
