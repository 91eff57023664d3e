using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Ilgpu.Tests.Differential;

/// <summary>What random kernels are called with: edge values and random ones, on the accelerator and on the host.</summary>
sealed class Arguments : IDisposable
{
    static readonly long[] Edges = [0, 1, -1, 2, 127, 255, 32768, 65535, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue];
    static readonly float[] RealEdges = [0, -0f, 1.5f, -2.25f, 1e-40f, 3e38f, -7e9f, float.PositiveInfinity, float.NaN];

    readonly Accelerator _accelerator;
    readonly (int A, uint B, long C, float D)[] _values;
    readonly MemoryBuffer1D<int, Stride1D.Dense> _a;
    readonly MemoryBuffer1D<uint, Stride1D.Dense> _b;
    readonly MemoryBuffer1D<long, Stride1D.Dense> _c;
    readonly MemoryBuffer1D<float, Stride1D.Dense> _d;
    readonly MemoryBuffer1D<long, Stride1D.Dense> _results;

    public Arguments(Accelerator accelerator, Random random, int count)
    {
        _accelerator = accelerator;
        long Integer() => random.Next(3) == 0 ? Edges[random.Next(Edges.Length)]
            : random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
        float Real() => random.Next(4) == 0 ? RealEdges[random.Next(RealEdges.Length)]
            : (random.NextSingle() - 0.5f) * MathF.Pow(2, random.Next(-10, 30));
        _values = [.. Enumerable.Range(0, count).Select(_ => ((int)Integer(), (uint)Integer(), Integer(), Real()))];
        _a = accelerator.Allocate1D(Array.ConvertAll(_values, value => value.A));
        _b = accelerator.Allocate1D(Array.ConvertAll(_values, value => value.B));
        _c = accelerator.Allocate1D(Array.ConvertAll(_values, value => value.C));
        _d = accelerator.Allocate1D(Array.ConvertAll(_values, value => value.D));
        _results = accelerator.Allocate1D<long>(count);
    }

    public (int A, uint B, long C, float D) this[int index] => _values[index];

    /// <summary>The kernel's results for all arguments.</summary>
    public long[] Launch(Action<Index1D, ArrayView<int>, ArrayView<uint>, ArrayView<long>, ArrayView<float>, ArrayView<long>> kernel)
    {
        _results.MemSetToZero();
        _accelerator.LoadAutoGroupedStreamKernel(kernel)(_values.Length, _a.View, _b.View, _c.View, _d.View, _results.View);
        _accelerator.Synchronize();
        return _results.GetAsArray1D();
    }

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
        _c.Dispose();
        _d.Dispose();
        _results.Dispose();
    }
}
