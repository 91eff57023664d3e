namespace IlgpuDca.Cli.Tests;
public class SkeletonTests { [Xunit.Fact] public void Builds() { } }
