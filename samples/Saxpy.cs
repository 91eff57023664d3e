using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Samples;

/// <summary>The shortest kernel: a thread for each element. y = a · x + y.</summary>
public static class Saxpy
{
    public static void Run(Accelerator accelerator, TextWriter output)
    {
        const int Length = 1_000_000;
        const float A = 3f;
        float[] x = [.. Enumerable.Range(0, Length).Select(i => i / 1000f)], y = [.. x.Select(value => 1 - value)];
        using MemoryBuffer1D<float, Stride1D.Dense> deviceX = accelerator.Allocate1D(x), deviceY = accelerator.Allocate1D(y);

        // Compiled at the first launch: to PTX for a GPU, to IL for the CPU. An index runs over its extent; the group's size is chosen.
        Action<Index1D, float, ArrayView<float>, ArrayView<float>> saxpy =
            accelerator.LoadAutoGroupedStreamKernel<Index1D, float, ArrayView<float>, ArrayView<float>>(Kernel);
        saxpy(Length, A, deviceX.View, deviceY.View);
        accelerator.Synchronize();

        float[] result = deviceY.GetAsArray1D();
        double largest = Enumerable.Range(0, Length).Max(i => Math.Abs(result[i] - (A * (double)x[i] + y[i])));
        output.WriteLine($"{Length} elements, largest error {largest:g3}");
    }

    static void Kernel(Index1D index, float a, ArrayView<float> x, ArrayView<float> y) => y[index] += a * x[index];
}
