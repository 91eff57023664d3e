using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Ilgpu.Runtime.Cpu;
using IlgpuDca.Verification;
using Xunit;

namespace IlgpuDca.Kernels.Tests;

/// <summary>Hopper's products where all that is asynchronous happens as late as its waits allow, and races are looked for.</summary>
public class HopperTimingTests
{
    [Fact]
    public void ProductsHoldWhenAllIsLate()
    {
        using Context context = Context.Create(
            builder => builder.CPU().Assertions().Asynchronous(AsynchronousTiming.AtWait).DetectRaces());
        using Accelerator accelerator = context.CreateCPUAccelerator(0);
        IEnumerable<Check> checks = HopperChecks.All().Concat(WeightsFirstChecks.All()).Concat(Float8ProductChecks.All())
            .Where(check => !check.Name.Contains("Attention", StringComparison.Ordinal));
        SelfTestResult result = SelfTest.Run(accelerator, checks, null);
        Assert.Empty(result.Failures);
        Assert.True(result.Passed > 0);
    }
}
