using IlgpuDca.Verification;
using Xunit;

namespace IlgpuDca.Kernels.Tests;

/// <summary>The run over checks, and that a check can fail at all.</summary>
public class SelfTestTests(CpuFixture cpu) : IClassFixture<CpuFixture>
{
    [Fact]
    public void AFailureStopsNothing()
    {
        List<string> lines = [];
        Check[] checks =
        [
            new("first", _ => throw new InvalidOperationException("the cause.")),
            new("second", _ => { }),
            new("third", _ => throw new CheckSkipped("not here.")),
            new("fourth", _ => { }),
        ];
        SelfTestResult result = SelfTest.Run(cpu.Accelerator, checks, lines.Add);
        Assert.Equal((2, 1, 1), (result.Passed, result.Failed, result.Skipped));
        Assert.Equal(["first: the cause."], result.Failures);
        Assert.Equal(["FAILED   first: the cause.", "passed   second", "skipped  third: not here.", "passed   fourth"], lines);
    }

    [Fact]
    public void NaNIsNeverClose() =>
        Assert.Throws<CheckFailed>(() => Compare.Close("x", [double.NaN], [0], [double.PositiveInfinity]));

    [Fact]
    public void AnErrorAboveItsLimitFails()
    {
        Compare.Close("x", [1, 2.5], [1, 2], [0, 0.5]);
        CheckFailed failure = Assert.Throws<CheckFailed>(() => Compare.Close("x", [1, 2.5], [1, 2], [0, 0.49]));
        Assert.Equal("x[1] of 2 is 2.5, expected 2 within 0.49; the error is 0.5.", failure.Message);
    }

    [Fact]
    public void AWriteOutsideAViewIsSeen()
    {
        using GuardedBuffer<int> buffer = new(cpu.Accelerator, 5);
        ILGPU.Runtime.ArrayViewExtensions.CopyFromCPU(buffer.Surroundings.SubView(buffer.Surroundings.Length - 64, 1), [1]);
        Assert.Equal("element 5 was written, outside a view's elements.", Assert.Throws<CheckFailed>(buffer.Read).Message);
    }

    [Fact]
    public void QuickChecksAreTheSameWithFewerDraws()
    {
        Assert.Equal(KernelChecks.All.Select(check => check.Name), KernelChecks.Quick.Select(check => check.Name));
        SelfTestResult result = SelfTest.Run(cpu.Accelerator, KernelChecks.Quick.Where(check => check.Name.StartsWith("Sampler", StringComparison.Ordinal)), null);
        Assert.Empty(result.Failures);
        Assert.True(result.Passed >= 20, $"{result.Passed} checks of the sampler.");
    }

    [Fact]
    public void NamesAreUnique() => Assert.Equal(KernelChecks.All.Count, KernelChecks.All.Select(check => check.Name).Distinct().Count());
}
