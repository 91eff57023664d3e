using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;

namespace IlgpuDca.Samples;

/// <summary>
/// Threads that work together: softmax of each row, a group for a row. Partial results meet in a warp by shuffles, then in shared memory.
/// y[r, c] = exp(x[r, c] - max of row r) / sum over c of the same.
/// </summary>
public static class RowSoftmax
{
    const int Threads = 128, Warps = Threads / 32;

    public static void Run(Accelerator accelerator, TextWriter output)
    {
        const int Rows = 37, Columns = 1003;
        Random random = new(1);
        float[] x = [.. Enumerable.Range(0, Rows * Columns).Select(_ => 20 * random.NextSingle() - 10)];
        using MemoryBuffer1D<float, Stride1D.Dense> deviceX = accelerator.Allocate1D(x), deviceY = accelerator.Allocate1D<float>(x.Length);

        // Here the launch says how many groups of how many threads.
        Action<KernelConfig, ArrayView<float>, ArrayView<float>, int> softmax =
            accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, int>(Kernel);
        softmax(new KernelConfig(Rows, Threads), deviceX.View, deviceY.View, Columns);
        accelerator.Synchronize();

        float[] y = deviceY.GetAsArray1D();
        double largest = 0;
        for (int row = 0; row < Rows; row++)
        {
            double[] exponentials = [.. x.Skip(row * Columns).Take(Columns).Select(value => Math.Exp(value))];
            double sum = exponentials.Sum();
            for (int column = 0; column < Columns; column++)
                largest = Math.Max(largest, Math.Abs(y[row * Columns + column] / (exponentials[column] / sum) - 1));
        }
        output.WriteLine($"{Rows} x {Columns}, largest relative error {largest:g3}");
    }

    static void Kernel(ArrayView<float> x, ArrayView<float> y, int columns)
    {
        ArrayView<float> row = x.SubView((long)Grid.IdxX * columns, columns), target = y.SubView((long)Grid.IdxX * columns, columns);
        float largest = float.NegativeInfinity;
        for (int column = Group.IdxX; column < columns; column += Threads)
            largest = XMath.Max(largest, row[column]);
        largest = OverGroup(largest, isSum: false);
        float sum = 0f;
        for (int column = Group.IdxX; column < columns; column += Threads)
            sum += XMath.Exp(row[column] - largest);
        sum = OverGroup(sum, isSum: true);
        for (int column = Group.IdxX; column < columns; column += Threads)
            target[column] = XMath.Exp(row[column] - largest) / sum;
    }

    /// <summary>The sum or the largest of a value of each thread, for all of them. Calls are inlined and a constant argument is folded.</summary>
    static float OverGroup(float value, bool isSum)
    {
        ArrayView<float> parts = SharedMemory.Allocate<float>(Warps);
        for (int distance = 16; distance > 0; distance /= 2)
            value = Combine(value, Warp.ShuffleXor(value, distance), isSum);
        // Nobody may write before the last call's results have been read; nobody may read before all have written.
        Group.Barrier();
        if (Group.IdxX % 32 == 0)
            parts[Group.IdxX / 32] = value;
        Group.Barrier();
        value = parts[0];
        for (int warp = 1; warp < Warps; warp++)
            value = Combine(value, parts[warp], isSum);
        return value;
    }

    static float Combine(float a, float b, bool isSum) => isSum ? a + b : XMath.Max(a, b);
}
