using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Algorithms.ScanReduceOperations;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Api;

/// <summary>From a C# method to its results, through every layer; on the CPU always, on a GPU where there is one.</summary>
public class KernelLaunchTests
{
    /// <summary>The accelerators of this machine.</summary>
    public static TheoryData<AcceleratorType> Types => [AcceleratorType.CPU, AcceleratorType.Cuda];

    [Theory]
    [MemberData(nameof(Types))]
    public void ImplicitlyGroupedKernelCoversItsExtent(AcceleratorType type)
    {
        using Context context = Open(type, out Accelerator accelerator);
        const int Length = 1_000;
        using MemoryBuffer1D<int, Stride1D.Dense> buffer = accelerator.Allocate1D<int>(Length + 100);
        buffer.MemSetToZero();
        var launch = accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<int>, int>(Fill);
        launch(Length, buffer.View, 3);
        accelerator.Synchronize();
        int[] result = buffer.GetAsArray1D();
        for (int index = 0; index < result.Length; index++)
            Assert.Equal(index < Length ? index * 3 + 1 : 0, result[index]);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void SpecializedValuesAreCompiledIn(AcceleratorType type)
    {
        using Context context = Open(type, out Accelerator accelerator);
        using MemoryBuffer1D<int, Stride1D.Dense> buffer = accelerator.Allocate1D<int>(3);
        var launch = accelerator.LoadStreamKernel<ArrayView<int>, SpecializedValue<int>, int>(Power);
        foreach (int exponent in new[] { 0, 1, 5, 2, 5 })
        {
            launch((1, 1), buffer.View.SubView(1, 1), SpecializedValue.New(exponent), 3);
            accelerator.Synchronize();
            Assert.Equal((int)Math.Pow(3, exponent), buffer.GetAsArray1D()[1]);
        }
    }

    /// <summary>Full warps, a partial last warp, less than a warp, and the largest group.</summary>
    [Theory]
    [InlineData(AcceleratorType.CPU, 1)]
    [InlineData(AcceleratorType.CPU, 31)]
    [InlineData(AcceleratorType.CPU, 32)]
    [InlineData(AcceleratorType.CPU, 77)]
    [InlineData(AcceleratorType.CPU, 256)]
    [InlineData(AcceleratorType.CPU, 1024)]
    [InlineData(AcceleratorType.Cuda, 1)]
    [InlineData(AcceleratorType.Cuda, 77)]
    [InlineData(AcceleratorType.Cuda, 1024)]
    public void GroupReductionsHoldForAnyGroupSize(AcceleratorType type, int groupSize)
    {
        using Context context = Open(type, out Accelerator accelerator);
        using MemoryBuffer1D<int, Stride1D.Dense> sums = accelerator.Allocate1D<int>(groupSize);
        using MemoryBuffer1D<float, Stride1D.Dense> largest = accelerator.Allocate1D<float>(groupSize);
        var launch = accelerator.LoadStreamKernel<ArrayView<int>, ArrayView<float>>(Reduce);
        launch((1, groupSize), sums.View, largest.View);
        accelerator.Synchronize();

        // Three rounds of sums over i + round; the largest of -|i - 5| is at i = 5, or at the end before it.
        int expected = Enumerable.Range(0, groupSize).Sum(index => 3 * index + 3);
        Assert.All(sums.GetAsArray1D(), sum => Assert.Equal(expected, sum));
        float top = groupSize > 5 ? 0 : groupSize - 1 - 5;
        Assert.All(largest.GetAsArray1D(), value => Assert.Equal(top, value));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void DynamicSharedMemoryIsThereInFull(AcceleratorType type)
    {
        using Context context = Open(type, out Accelerator accelerator);
        const int Elements = 25_000;
        using MemoryBuffer1D<int, Stride1D.Dense> buffer = accelerator.Allocate1D<int>(2);
        var launch = accelerator.LoadStreamKernel<ArrayView<int>>(UseShared);
        launch(new KernelConfig(1, 128, SharedMemoryConfig.RequestDynamic<int>(Elements)), buffer.View);
        accelerator.Synchronize();
        Assert.Equal([Elements, Elements - 1], buffer.GetAsArray1D());
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void MarkersMeasureTime(AcceleratorType type)
    {
        using Context context = Open(type, out Accelerator accelerator);
        using AcceleratorStream stream = accelerator.CreateStream();
        using ProfilingMarker start = stream.AddProfilingMarker();
        using MemoryBuffer1D<int, Stride1D.Dense> buffer = accelerator.Allocate1D<int>(100_000);
        accelerator.LoadAutoGroupedKernel<Index1D, ArrayView<int>, int>(Fill)(stream, 100_000, buffer.View, 3);
        using ProfilingMarker end = stream.AddProfilingMarker();
        Assert.InRange((end - start).TotalSeconds, 1e-9, 10);
    }

    static Context Open(AcceleratorType type, out Accelerator accelerator)
    {
        Context context = Context.Create(builder => builder.AllAccelerators().Profiling());
        if (type == AcceleratorType.Cuda && context.GetCudaDevices().Count == 0)
        {
            context.Dispose();
            Assert.Skip("There is no CUDA device.");
        }

        accelerator = type == AcceleratorType.Cuda
            ? context.CreateCudaAccelerator(0)
            : context.CreateCPUAccelerator(0);
        return context;
    }

    static void Fill(Index1D index, ArrayView<int> view, int factor) => view[index] = index * factor + 1;

    static void Power(ArrayView<int> view, SpecializedValue<int> exponent, int basis)
    {
        int power = 1;
        for (int round = 0; round < exponent; round++)
            power *= basis;

        view[0] = power;
    }

    static void Reduce(ArrayView<int> sums, ArrayView<float> largest)
    {
        int sum = 0;
        for (int round = 0; round < 3; round++)
            sum += GroupExtensions.AllReduce<int, AddInt32>(Group.IdxX + round);

        sums[Group.IdxX] = sum;
        largest[Group.IdxX] = GroupExtensions.AllReduce<float, MaxFloat>(-XMath.Abs(Group.IdxX - 5f));
    }

    static void UseShared(ArrayView<int> view)
    {
        ArrayView<int> shared = SharedMemory.GetDynamic<int>();
        for (int index = Group.IdxX; index < shared.IntLength; index += Group.DimX)
            shared[index] = index;

        Group.Barrier();
        if (Group.IsFirstThread)
        {
            view[0] = shared.IntLength;
            view[1] = shared[shared.IntLength - 1];
        }
    }
}
