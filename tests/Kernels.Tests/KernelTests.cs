using IlgpuDca.Verification;
using Xunit;

namespace IlgpuDca.Kernels.Tests;

/// <summary>Every check of every kernel on the CPU accelerator, its bounds and divergence checks on.</summary>
public class KernelTests(CpuFixture cpu) : IClassFixture<CpuFixture>
{
    static readonly Dictionary<string, Check> s_checks = KernelChecks.All.ToDictionary(check => check.Name);

    /// <summary>The checks' names; they are unique.</summary>
    public static TheoryData<string> Names => [.. s_checks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Holds(string name)
    {
        try
        {
            s_checks[name].Run(cpu.Accelerator);
        }
        catch (CheckSkipped reason)
        {
            Assert.Skip(reason.Message);
        }
    }
}
