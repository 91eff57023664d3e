using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Verification.Conformance;

/// <summary>
/// Kernels that treat each element by itself: one thread for each. The kernel's own method, called as plain C# on host memory, is
/// the oracle unless one is given.
/// </summary>
static class Elementwise
{
    public static ConformanceCase Unary<T, TResult>(string name, Action<Index1D, ArrayView<T>, ArrayView<TResult>> kernel,
        Func<T, TResult>? oracle = null)
        where T : unmanaged
        where TResult : unmanaged
    {
        void Run(Accelerator accelerator)
        {
            T[] inputs = Inputs.Of<T>();
            TResult[] actual = Launch(accelerator, kernel, inputs);
            TResult[] expected = oracle is null ? OnHost(kernel, inputs) : Array.ConvertAll(inputs, value => oracle(value));
            Comparer.Same(name, expected, actual, k => $"{inputs[k]}");
        }
        return new ConformanceCase(name, kernel.Method, true, Run);
    }

    public static ConformanceCase Binary<T1, T2, TResult>(string name,
        Action<Index1D, ArrayView<T1>, ArrayView<T2>, ArrayView<TResult>> kernel, Func<T1, T2, TResult>? oracle = null)
        where T1 : unmanaged
        where T2 : unmanaged
        where TResult : unmanaged
    {
        void Run(Accelerator accelerator)
        {
            (T1[] first, T2[] second) = Inputs.Pairs<T1, T2>();
            using var a = accelerator.Allocate1D(first);
            using var b = accelerator.Allocate1D(second);
            using var results = accelerator.Allocate1D<TResult>(first.Length);
            results.MemSetToZero();
            var launch = accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<T1>, ArrayView<T2>, ArrayView<TResult>>(kernel);
            launch(first.Length, a.View, b.View, results.View);
            accelerator.Synchronize();

            TResult[] expected = new TResult[first.Length];
            if (oracle is null)
            {
                (ArrayView<T1> x, ArrayView<T2> y) = (HostView(first), HostView(second));
                ArrayView<TResult> host = LocalMemory.Allocate<TResult>(first.Length);
                for (int k = 0; k < first.Length; k++)
                {
                    kernel(k, x, y, host);
                    expected[k] = host[k];
                }
            }
            else
            {
                for (int k = 0; k < first.Length; k++)
                    expected[k] = oracle(first[k], second[k]);
            }
            Comparer.Same(name, expected, results.GetAsArray1D(), k => $"{first[k]}, {second[k]}");
        }
        return new ConformanceCase(name, kernel.Method, true, Run);
    }

    /// <summary>A function that GPUs approximate: the exact value in double precision, and the error it may have.</summary>
    public static ConformanceCase Approximate(string name, Action<Index1D, ArrayView<float>, ArrayView<float>> kernel,
        float from, float to, Func<double, double> exact, Func<double, double> limit)
    {
        void Run(Accelerator accelerator)
        {
            const int Steps = 1009;
            float[] inputs = [.. Enumerable.Range(0, Steps).Select(k => from + (to - from) * k / (Steps - 1))];
            Comparer.Near(name, inputs, Launch(accelerator, kernel, inputs), exact, limit);
        }
        return new ConformanceCase(name, kernel.Method, true, Run);
    }

    static TResult[] Launch<T, TResult>(Accelerator accelerator, Action<Index1D, ArrayView<T>, ArrayView<TResult>> kernel, T[] inputs)
        where T : unmanaged
        where TResult : unmanaged
    {
        using var a = accelerator.Allocate1D(inputs);
        using var results = accelerator.Allocate1D<TResult>(inputs.Length);
        results.MemSetToZero();
        accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<T>, ArrayView<TResult>>(kernel)(inputs.Length, a.View, results.View);
        accelerator.Synchronize();
        return results.GetAsArray1D();
    }

    static TResult[] OnHost<T, TResult>(Action<Index1D, ArrayView<T>, ArrayView<TResult>> kernel, T[] inputs)
        where T : unmanaged
        where TResult : unmanaged
    {
        ArrayView<T> x = HostView(inputs);
        ArrayView<TResult> host = LocalMemory.Allocate<TResult>(inputs.Length);
        TResult[] results = new TResult[inputs.Length];
        for (int k = 0; k < inputs.Length; k++)
        {
            kernel(k, x, host);
            results[k] = host[k];
        }
        return results;
    }

    /// <summary>A copy of an array in the memory that kernels see when they run as plain C#.</summary>
    static ArrayView<T> HostView<T>(T[] values)
        where T : unmanaged
    {
        ArrayView<T> view = LocalMemory.Allocate<T>(values.Length);
        for (int k = 0; k < values.Length; k++)
            view[k] = values[k];
        return view;
    }
}
