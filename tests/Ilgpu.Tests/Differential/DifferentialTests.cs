using System.Globalization;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using IlgpuDca.Ilgpu.Frontend;
using IlgpuDca.Ilgpu.Ptx;
using IlgpuDca.Ilgpu.Tests.Ptx;
using Xunit;
using OptimizationLevel = Microsoft.CodeAnalysis.OptimizationLevel;

namespace IlgpuDca.Ilgpu.Tests.Differential;

/// <summary>Random kernels: what the CPU accelerator computes is what C# computes. ILGPUDCA_SEED repeats a run.</summary>
public class DifferentialTests
{
    const int Kernels = 500, Batch = 125, Elements = 48;

    [Fact]
    public void RandomKernelsMeanWhatCSharpMeans()
    {
        int seed = Environment.GetEnvironmentVariable("ILGPUDCA_SEED") is { } given
            ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"ILGPUDCA_SEED={seed}");
        using Context context = Context.Create(builder => builder.CPU().Assertions().Verify());
        context.Properties.ContractFma = false;
        using Accelerator accelerator = context.CreateCPUAccelerator(0);
        using Arguments arguments = new(accelerator, new Random(seed), Elements);

        List<string> failures = [];
        for (int batch = 0; batch < Kernels / Batch; batch++)
        {
            OptimizationLevel level = (batch & 1) == 0 ? OptimizationLevel.Release : OptimizationLevel.Debug;
            foreach (RandomKernel kernel in RandomKernel.Generate(unchecked(seed + batch * Batch), Batch, level))
                if (Problem(kernel, arguments) is { } problem)
                    failures.Add($"{level}: {problem}\n{kernel.Source}");
        }
        // The shortest is the easiest to read.
        Assert.True(failures.Count == 0, $"ILGPUDCA_SEED={seed}: {failures.Count} of {Kernels} kernels differ.\n{failures.MinBy(failure => failure.Length)}");
    }

    static string? Problem(RandomKernel kernel, Arguments arguments)
    {
        try
        {
            if (kernel.Mismatch(arguments) is { } mismatch)
                return mismatch;
            PtxReader ptx = PtxReader.Read(PtxModule.Emit(KernelCompiler.Compile(kernel.Method,
                new CompileOptions(CompileTarget.Cuda) { ImplicitlyGrouped = true, Verify = true }), PtxTarget.Minimum));
            return ptx.Problems.Concat(ptx.GenericAccesses).FirstOrDefault();
        }
        catch (Exception failure)
        {
            return failure.ToString();
        }
    }
}
