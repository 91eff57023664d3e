using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using IlgpuDca.Ilgpu.Extensions;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Api;

/// <summary>Kernels compiled ahead of their launches.</summary>
public sealed class KernelPreparationTests : IDisposable
{
    readonly Context _context = Context.Create(builder => builder.CPU());
    readonly Accelerator _accelerator;

    public KernelPreparationTests() => _accelerator = _context.CreateCPUAccelerator(0);

    [Fact]
    public void LaunchesAreCompiledAndNotCarriedOut()
    {
        using MemoryBuffer1D<int, Stride1D.Dense> buffer = _accelerator.Allocate1D(new[] { 1, 2, 3 });
        Action<AcceleratorStream, KernelConfig, ArrayView<int>, SpecializedValue<int>> add =
            _accelerator.LoadKernel<ArrayView<int>, SpecializedValue<int>>(Add);
        void Launch(int value) => add(_accelerator.DefaultStream, new KernelConfig(1, 3), buffer.View, SpecializedValue.New(value));

        KernelPreparation.Prepare(() =>
        {
            Launch(10);
            Launch(20);
            Launch(10);
        });
        Assert.Equal([1, 2, 3], buffer.GetAsArray1D());
        Assert.Equal(2, _accelerator.CompiledKernels().Count);

        Launch(20);
        _accelerator.Synchronize();
        Assert.Equal([21, 22, 23], buffer.GetAsArray1D());
        Assert.Equal(2, _accelerator.CompiledKernels().Count);
    }

    [Fact]
    public void TheCompilersErrorIsThrownAndLaunchesWorkAgain()
    {
        using MemoryBuffer1D<int, Stride1D.Dense> buffer = _accelerator.Allocate1D(new[] { 1 });
        Action<AcceleratorStream, KernelConfig, ArrayView<int>> refused = _accelerator.LoadKernel<ArrayView<int>>(Refused);
        IlgpuDca.Ilgpu.Diagnostics.JitException error = Assert.Throws<IlgpuDca.Ilgpu.Diagnostics.JitException>(() =>
            KernelPreparation.Prepare(() => refused(_accelerator.DefaultStream, new KernelConfig(1, 1), buffer.View)));
        Assert.Contains("JIT0002", error.Message, StringComparison.Ordinal);

        Action<AcceleratorStream, KernelConfig, ArrayView<int>, SpecializedValue<int>> add =
            _accelerator.LoadKernel<ArrayView<int>, SpecializedValue<int>>(Add);
        add(_accelerator.DefaultStream, new KernelConfig(1, 1), buffer.View, SpecializedValue.New(5));
        _accelerator.Synchronize();
        Assert.Equal([6], buffer.GetAsArray1D());
    }

    [Fact]
    public void PreparingInsideItselfIsRefused() =>
        Assert.Throws<InvalidOperationException>(() => KernelPreparation.Prepare(() => KernelPreparation.Prepare(() => { })));

    public void Dispose()
    {
        _accelerator.Dispose();
        _context.Dispose();
    }

    static void Add(ArrayView<int> data, SpecializedValue<int> value) => data[Group.IdxX] += value;

    static void Refused(ArrayView<int> data) => data[0] = new int[3].Length;
}
