using System.Globalization;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using IlgpuDca.Ilgpu.Tests.Differential;
using IlgpuDca.Verification;
using OptimizationLevel = Microsoft.CodeAnalysis.OptimizationLevel;

// The conformance kernels, then random kernels, on the first CUDA device (or the CPU: --cpu): arguments [kernels] [seed].
const int Elements = 256;
bool onCpu = args.Contains("--cpu");
int[] numbers = [.. args.Where(argument => !argument.StartsWith('-')).Select(argument => int.Parse(argument, CultureInfo.InvariantCulture))];
int kernels = numbers.Length > 0 ? numbers[0] : 100, seed = numbers.Length > 1 ? numbers[1] : Random.Shared.Next();

using Context context = Context.Create(builder => _ = onCpu ? builder.CPU().Assertions() : builder.Cuda());
using Accelerator accelerator = onCpu ? context.CreateCPUAccelerator(0) : context.CreateCudaAccelerator(0);
Console.WriteLine($"{accelerator.Name}, seed {seed}");

int failed = 0;
foreach (Check check in IlgpuDca.Verification.Conformance.ConformanceChecks.All)
    failed += Report(check.Name, () => check.Run(accelerator));
Console.WriteLine($"{IlgpuDca.Verification.Conformance.ConformanceChecks.All.Count} conformance kernels, {failed} failures");

context.Properties.ContractFma = false;
using Arguments arguments = new(accelerator, new Random(seed), Elements);
int differing = 0;
for (int half = 0; half < 2; half++)
    foreach (RandomKernel kernel in RandomKernel.Generate(seed + half * (kernels / 2), kernels / 2,
        half == 0 ? OptimizationLevel.Release : OptimizationLevel.Debug))
    {
        int problem = Report("random kernel", () =>
        {
            if (kernel.Mismatch(arguments) is { } mismatch)
                throw new InvalidOperationException(mismatch);
        });
        differing += problem;
        if (problem > 0 && differing <= 3)
            Console.WriteLine(kernel.Source);
    }
Console.WriteLine($"{kernels} random kernels, {differing} differ");
return failed + differing == 0 ? 0 : 1;

static int Report(string name, Action run)
{
    try
    {
        run();
        return 0;
    }
    catch (CheckSkipped skipped)
    {
        Console.WriteLine($"skipped {name}: {skipped.Message}");
        return 0;
    }
    catch (Exception failure)
    {
        Console.WriteLine($"FAILED {name}: {failure.Message}");
        return 1;
    }
}
