using IlgpuDca.Verification;
using Xunit;

namespace IlgpuDca.Kernels.Tests;

/// <summary>The same checks on a GPU, as one run: an error there can take the device with it, and the run says so.</summary>
public class CudaTests(CudaFixture cuda) : IClassFixture<CudaFixture>
{
    [Fact]
    public void AllChecksHold()
    {
        Assert.SkipWhen(cuda.Accelerator is null, $"No GPU: {cuda.Reason}");
        SelfTestResult result = SelfTest.Run(cuda.Accelerator!, KernelChecks.All, TestContext.Current.TestOutputHelper!.WriteLine);
        Assert.True(result.Failed == 0, string.Join('\n', result.Failures));
    }
}
