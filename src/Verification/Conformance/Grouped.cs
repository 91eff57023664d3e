using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Verification.Conformance;

/// <summary>Kernels launched in groups, with results written by hand.</summary>
static class Grouped
{
    /// <param name="name">Theme and construct.</param>
    /// <param name="config">The launch.</param>
    /// <param name="kernel">Gets zeroed results.</param>
    /// <param name="results">How many results there are.</param>
    /// <param name="expected">Result k.</param>
    public static ConformanceCase Kernel<T>(string name, KernelConfig config, Action<ArrayView<T>> kernel, int results,
        Func<int, T> expected)
        where T : unmanaged
    {
        void Run(Accelerator accelerator)
        {
            using var actual = accelerator.Allocate1D<T>(results);
            actual.MemSetToZero();
            accelerator.LoadStreamKernel<ArrayView<T>>(kernel)(config, actual.View);
            accelerator.Synchronize();
            Comparer.Same(name, [.. Enumerable.Range(0, results).Select(expected)], actual.GetAsArray1D(), k => $"thread {k}");
        }
        return new ConformanceCase(name, kernel.Method, false, Run);
    }

    /// <summary>The same with a scalar argument.</summary>
    public static ConformanceCase Kernel<T, TArgument>(string name, KernelConfig config, Action<ArrayView<T>, TArgument> kernel,
        TArgument argument, int results, Func<int, T> expected)
        where T : unmanaged
        where TArgument : unmanaged
    {
        void Run(Accelerator accelerator)
        {
            using var actual = accelerator.Allocate1D<T>(results);
            actual.MemSetToZero();
            accelerator.LoadStreamKernel<ArrayView<T>, TArgument>(kernel)(config, actual.View, argument);
            accelerator.Synchronize();
            Comparer.Same(name, [.. Enumerable.Range(0, results).Select(expected)], actual.GetAsArray1D(), k => $"thread {k}");
        }
        return new ConformanceCase(name, kernel.Method, false, Run)
        {
            Specialized = argument.GetType().IsGenericType
                ? new Dictionary<int, object> { [1] = argument.GetType().GetProperty("Value")!.GetValue(argument)! }
                : new Dictionary<int, object>(),
        };
    }
}
