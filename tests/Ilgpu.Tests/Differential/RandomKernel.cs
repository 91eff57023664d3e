using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using OptimizationLevel = Microsoft.CodeAnalysis.OptimizationLevel;

namespace IlgpuDca.Ilgpu.Tests.Differential;

/// <summary>A random kernel, compiled by Roslyn, with its body as plain C#.</summary>
sealed class RandomKernel
{
    delegate long Body(int a, uint b, long c, float d);

    readonly Body _body;

    RandomKernel(string source, Type type)
    {
        Source = source;
        Method = type.GetMethod("Kernel")!;
        _body = type.GetMethod("Body")!.CreateDelegate<Body>();
    }

    public string Source { get; }

    public MethodInfo Method { get; }

    /// <summary>Kernels of consecutive seeds, compiled together.</summary>
    public static RandomKernel[] Generate(int seed, int count, OptimizationLevel level)
    {
        string[] sources = [.. Enumerable.Range(0, count)
            .Select(k => new KernelGenerator(new Random(unchecked(seed + k))).Generate($"Case{k}"))];
        Assembly assembly = CSharpCompiler.Compile(string.Join('\n', sources), level);
        return [.. sources.Select((source, k) => new RandomKernel(source, assembly.GetType($"Case{k}")!))];
    }

    /// <summary>The first argument for which the accelerator and C# differ, in words; null when they agree.</summary>
    public string? Mismatch(Arguments arguments)
    {
        long[] actual = arguments.Launch(
            Method.CreateDelegate<Action<Index1D, ArrayView<int>, ArrayView<uint>, ArrayView<long>, ArrayView<float>, ArrayView<long>>>());
        for (int k = 0; k < actual.Length; k++)
        {
            (int a, uint b, long c, float d) = arguments[k];
            long expected = _body(a, b, c, d);
            if (expected != actual[k])
                return $"Body({a}, {b}, {c}, {d:R}f) is {actual[k]:x}, and C# gives {expected:x}";
        }
        return null;
    }
}
