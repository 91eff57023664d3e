using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Verification;
using Xunit;

namespace IlgpuDca.Kernels.Tests;

/// <summary>No kernel races in shared memory: some checks of each, and all of Hopper attention. `selftest --races` runs all.</summary>
public class RaceTests
{
    const int ChecksOfKernel = 2;

    [Fact]
    public void NoKernelRaces()
    {
        using Context context = Context.Create(builder => builder.CPU().DetectRaces());
        using Accelerator accelerator = context.CreateCPUAccelerator(0);
        IEnumerable<Check> checks = KernelChecks.Quick.GroupBy(check => check.Name.Split(' ', ':')[0])
            .SelectMany(kernel => kernel.Key == "FlashAttentionHopper" ? kernel : kernel.Take(ChecksOfKernel));
        SelfTestResult result = SelfTest.Run(accelerator, checks, null);
        Assert.Empty(result.Failures);
        Assert.True(result.Passed > 0);
    }
}
