using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Ilgpu.Frontend;
using IlgpuDca.Ilgpu.Ir;
using IlgpuDca.Ilgpu.Runtime.Cpu;
using IlgpuDca.Verification;
using IlgpuDca.Verification.Conformance;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Conformance;

/// <summary>Every conformance kernel, on the CPU accelerator with its checks on and races looked for, and on CUDA where there is one.</summary>
public class ConformanceTests
{
    public static TheoryData<string> Names => [.. ConformanceChecks.Cases.Select(kernel => kernel.Name)];

    public static TheoryData<string> AsynchronousNames => [.. ConformanceChecks.Cases
        .Where(kernel => kernel.Kernel.DeclaringType!.Namespace!.EndsWith(".Hopper", StringComparison.Ordinal)).Select(kernel => kernel.Name)];

    static readonly Dictionary<string, ConformanceCase> Cases = ConformanceChecks.Cases.ToDictionary(kernel => kernel.Name);

    [Fact]
    public void ThereAreAtLeast150Kernels() => Assert.True(Cases.Count >= 150, $"{Cases.Count} kernels");

    [Theory]
    [MemberData(nameof(Names))]
    public void OnTheCpu(string name)
    {
        using Context context = Context.Create(builder => builder.CPU().Assertions().Verify().DetectRaces());
        using Accelerator accelerator = context.CreateCPUAccelerator(0);
        Cases[name].Run(accelerator);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void OnTheCpuWithoutChecks(string name)
    {
        using Context context = Context.Create(builder => builder.CPU());
        using Accelerator accelerator = context.CreateCPUAccelerator(0);
        Cases[name].Run(accelerator);
    }

    /// <summary>A result that differs when copies and multiplications are late is a race.</summary>
    [Theory]
    [MemberData(nameof(AsynchronousNames))]
    public void OnTheCpuAsLateAsPossible(string name)
    {
        using Context context = Context.Create(builder => builder.CPU().Assertions().Asynchronous(AsynchronousTiming.AtWait).DetectRaces());
        using Accelerator accelerator = context.CreateCPUAccelerator(0);
        Cases[name].Run(accelerator);
    }

    [Fact]
    public void OnCuda()
    {
        using Context context = Context.Create(builder => builder.Cuda());
        Assert.SkipUnless(context.GetCudaDevices().Count > 0, "This machine has no CUDA device.");
        using Accelerator accelerator = context.CreateCudaAccelerator(0);
        List<string> failures = [];
        foreach (Check check in ConformanceChecks.All)
        {
            try
            {
                check.Run(accelerator);
            }
            catch (CheckSkipped)
            {
                continue;
            }
            catch (Exception failure) when (failure is ConformanceException or CudaException)
            {
                failures.Add(failure.Message);
            }
        }
        Assert.Empty(failures);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void CompilesForBothTargets(string name)
    {
        foreach (CompileOptions options in (CompileOptions[])[new(CompileTarget.Cuda), new(CompileTarget.Cpu), new(CompileTarget.Cpu) { Checked = true }])
            Assert.NotEmpty(Compile(Cases[name], options).Blocks);
    }

    /// <summary>The kernel as a target gets it, verified after each pass.</summary>
    internal static KernelFunction Compile(ConformanceCase kernel, CompileOptions options) => KernelCompiler.Compile(kernel.Kernel,
        options with { Verify = true, ImplicitlyGrouped = kernel.IsImplicitlyGrouped, Specialized = kernel.Specialized });
}
