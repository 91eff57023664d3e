using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Ilgpu.Runtime.Cpu;
using IlgpuDca.Verification;
using Xunit;

namespace IlgpuDca.Kernels.Tests;

/// <summary>
/// Kernels with copies of threads, each copy performed as late as its wait allows: what they do not wait for is seen, as are races.
/// </summary>
public sealed class LateCopyTests : IDisposable
{
    static readonly Dictionary<string, Check> s_checks = KernelChecks.All
        .Where(check => check.Name.StartsWith("MatMulTensorCore", StringComparison.Ordinal)
            || check.Name.StartsWith("FlashAttentionTensorCore", StringComparison.Ordinal))
        .ToDictionary(check => check.Name);

    readonly Context _context =
        Context.Create(builder => builder.CPU().Assertions().Asynchronous(AsynchronousTiming.AtWait).DetectRaces());

    public static TheoryData<string> Names => [.. s_checks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Holds(string name)
    {
        using Accelerator accelerator = _context.CreateCPUAccelerator(0);
        s_checks[name].Run(accelerator);
    }

    public void Dispose() => _context.Dispose();
}
