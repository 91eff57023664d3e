using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using IlgpuDca.Ilgpu.Frontend;
using IlgpuDca.Ilgpu.Ptx;
using IlgpuDca.Ilgpu.Tests.Ptx;
using Xunit;
using OptimizationLevel = Microsoft.CodeAnalysis.OptimizationLevel;

namespace IlgpuDca.Ilgpu.Tests.Differential;

/// <summary>Random kernels: what the CPU accelerator computes is what C# computes.</summary>
public class DifferentialTests
{
    const int Kernels = 500, Batch = 125, Elements = 48;

    delegate long Body(int a, uint b, long c, float d);

    [Fact]
    public void RandomKernelsMeanWhatCSharpMeans()
    {
        int seed = Environment.GetEnvironmentVariable("ILGPUDCA_SEED") is { } given
            ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture) : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"ILGPUDCA_SEED={seed}");
        using Context context = Context.Create(builder => builder.CPU().Assertions().Verify());
        context.Properties.ContractFma = false;
        using Accelerator accelerator = context.CreateCPUAccelerator(0);
        using Arguments arguments = new(accelerator, new Random(seed), Elements);

        List<string> failures = [];
        for (int batch = 0; batch < Kernels / Batch; batch++)
        {
            string[] sources = [.. Enumerable.Range(0, Batch).Select(k =>
                new KernelGenerator(new Random(unchecked(seed + batch * Batch + k))).Generate($"Case{k}"))];
            Assembly assembly = CSharpCompiler.Compile(string.Join('\n', sources), (batch & 1) == 0 ? OptimizationLevel.Release : OptimizationLevel.Debug);
            for (int k = 0; k < Batch; k++)
                if (Mismatch(assembly.GetType($"Case{k}")!, accelerator, arguments) is { } mismatch)
                    failures.Add($"seed {seed}, batch {batch}: {mismatch}\n{sources[k]}");
        }
        Assert.True(failures.Count == 0, $"ILGPUDCA_SEED={seed}: {failures.Count} of {Kernels} kernels differ.\n"
            + string.Join('\n', failures.Select(failure => failure.Split('\n')[0])) + "\n" + failures.OrderBy(failure => failure.Length).FirstOrDefault());
    }

    static string? Mismatch(Type type, Accelerator accelerator, Arguments arguments)
    {
        MethodInfo method = type.GetMethod("Kernel")!;
        var kernel = method.CreateDelegate<Action<Index1D, ArrayView<int>, ArrayView<uint>, ArrayView<long>, ArrayView<float>, ArrayView<long>>>();
        Body body = type.GetMethod("Body")!.CreateDelegate<Body>();
        try
        {
            long[] actual = arguments.Launch(kernel);
            for (int k = 0; k < actual.Length; k++)
            {
                (int a, uint b, long c, float d) = arguments[k];
                long expected = body(a, b, c, d);
                if (expected != actual[k])
                    return $"Body({a}, {b}, {c}, {d:R}f) is {actual[k]:x}, and C# gives {expected:x}";
            }
            string text = PtxModule.Emit(KernelCompiler.Compile(method,
                new CompileOptions(CompileTarget.Cuda) { ImplicitlyGrouped = true, Verify = true }), PtxTarget.Minimum);
            PtxReader ptx = PtxReader.Read(text);
            return ptx.Problems.Count > 0 ? $"PTX: {ptx.Problems[0]}" : ptx.GenericAccesses.Count > 0 ? $"PTX: {ptx.GenericAccesses[0]}" : null;
        }
        catch (Exception failure)
        {
            return failure.ToString();
        }
    }
}
