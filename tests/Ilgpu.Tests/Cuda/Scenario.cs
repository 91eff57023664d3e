using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using IlgpuDca.Ilgpu.Extensions;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Cuda;

/// <summary>What a program does on a GPU: every kind of call once.</summary>
static class Scenario
{
    /// <summary>More than a launch gets without asking for it.</summary>
    const int DynamicSharedBytes = 100 * 1024;

    /// <summary>The kernel's method.</summary>
    public static MethodInfo Method { get; } =
        typeof(Scenario).GetMethod(nameof(Kernel), BindingFlags.Static | BindingFlags.NonPublic)!;

    /// <summary>Runs it; nothing that it makes outlives it.</summary>
    public static void Run()
    {
        (Context context, CudaAccelerator accelerator) = FakeDriver.Open();
        using (context)
        {
            var stream = (CudaStream)accelerator.CreateStream();
            MemoryBuffer1D<float, Stride1D.Dense> buffer = accelerator.Allocate1D<float>(5);
            using PageLockedArray1D<float> locked = accelerator.AllocatePageLocked1D<float>(5);
            float[] expected = [1, 2, 3, 4, 5];
            expected.CopyTo(locked.Span);
            buffer.View.CopyFromPageLockedAsync(stream, locked);
            Assert.Equal(expected, buffer.GetAsArray1D(stream));
            buffer.MemSetToZero(stream);
            Assert.Equal(new float[5], buffer.GetAsArray1D(stream));

            Action<AcceleratorStream, KernelConfig, ArrayView<float>, int> launch =
                accelerator.LoadKernel<ArrayView<float>, int>(Kernel);
            launch(stream, new KernelConfig(2, 64, SharedMemoryConfig.RequestDynamic<byte>(DynamicSharedBytes)), buffer.View, 7);

            ProfilingMarker start = stream.AddProfilingMarker();
            stream.BeginCapture();
            launch(stream, (2, 64), buffer.View, 7);
            using CudaGraph graph = stream.EndCapture();
            graph.Launch(stream);
            Assert.Equal(1.5, (stream.AddProfilingMarker() - start).TotalMilliseconds);
            stream.Synchronize();
            accelerator.Synchronize();
        }
    }

    static void Kernel(ArrayView<float> view, int value) => view[Grid.GlobalIndex.X] = value;
}
