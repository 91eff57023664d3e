using IlgpuDca.Ilgpu.Frontend;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Passes;

/// <summary>The one place that knows the order of passes.</summary>
public static class Pipeline
{
    /// <summary>The passes of a target, by name, in order.</summary>
    public static IReadOnlyList<(string Name, Action<KernelFunction> Run)> Passes(CompileOptions options)
    {
        bool forCpu = options.Target == CompileTarget.Cpu;
        List<(string, Action<KernelFunction>)> passes =
        [
            ("fold constants", FoldConstants.Run),
            ("clean up", CleanUp.Run),
            ("infer address spaces", InferAddressSpaces.Run),
            .. Choices(forCpu),
            ("unroll loops", function => UnrollLoops.Run(function, forCpu)),
            ("promote locals", PromoteLocals.Run),
            ("fold constants again", FoldConstants.Run),
            ("clean up again", CleanUp.Run),
            ("common subexpressions", CommonSubexpressions.Run),
            ("infer address spaces again", InferAddressSpaces.Run),
            ("redundant loads", RedundantLoads.Run),
        ];
        passes.AddRange(Choices(forCpu));
        if (options.ContractFma)
            passes.Add(("contract fma", ContractFma.Run));
        if (!forCpu)
        {
            passes.Add(("split offsets", SplitOffsets.Run));
            passes.Add(("redundant loads of split offsets", RedundantLoads.Run));
            passes.Add(("vectorize memory", VectorizeMemory.Run));
        }
        passes.Add(("last clean up", CleanUp.Run));
        passes.Add(("order blocks", OrderBlocks.Run));
        return passes;
    }

    /// <summary>On the CPU a select is a branch again.</summary>
    static (string Name, Action<KernelFunction> Run)[] Choices(bool forCpu) => forCpu ? [] : [("convert branches", ConvertBranches.Run)];

    /// <summary>Runs them all; with <see cref="CompileOptions.Verify"/> the verifier after each.</summary>
    public static void Run(KernelFunction function, CompileOptions options)
    {
        if (options.Verify)
            Verifier.Check(function, "the front end");
        foreach ((string name, Action<KernelFunction> run) in Passes(options))
        {
            run(function);
            if (options.Verify)
                Verifier.Check(function, name);
        }
    }
}
