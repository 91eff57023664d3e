using System.Diagnostics;
using System.Reflection;
using ILGPU;
using ILGPU.Algorithms;
using IlgpuDca.Ilgpu.Frontend;
using IlgpuDca.Ilgpu.Ir;
using IlgpuDca.Ilgpu.Runtime.Cpu;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Cpu;

/// <summary>
/// C# kernels with barriers, shuffles and local arrays, from IL to the CPU, against double precision.
/// </summary>
public class CompiledKernelTests(ITestOutputHelper output)
{
    const int Tile = 32, Depth = 8, GroupSize = 64;

    [Fact]
    public void ATiledProductOfMatrices()
    {
        const int M = 64, N = 96, K = 40;
        using NativeArray<float> a = new(M * K), b = new(N * K), c = new(M * N);
        Random random = new(3);
        foreach (ref float value in a.Span)
            value = random.NextSingle() - 0.5f;
        foreach (ref float value in b.Span)
            value = random.NextSingle() - 0.5f;
        using CpuKernel kernel = Compile(nameof(Product), isChecked: true);
        kernel.Launch(new LaunchDimensions(N / Tile, M / Tile, 1, GroupSize, 1, 1),
            [a.Slot, M * K, b.Slot, N * K, c.Slot, M * N, N, K], 0);
        for (int m = 0; m < M; m++)
        {
            for (int n = 0; n < N; n++)
            {
                double exact = 0, magnitude = 0;
                for (int k = 0; k < K; k++)
                {
                    double product = (double)a.Span[m * K + k] * b.Span[n * K + k];
                    (exact, magnitude) = (exact + product, magnitude + Math.Abs(product));
                }
                // K rounded additions of contracted products.
                double error = Math.Abs(c.Span[m * N + n] - exact), limit = K * Math.ScaleB(1, -24) * magnitude;
                Assert.True(error <= limit, $"[{m}, {n}]: error {error:g3}, limit {limit:g3}");
            }
        }
    }

    [Fact]
    public void RootMeanSquareByShufflesAndSharedMemory()
    {
        const int Rows = 5, Hidden = 133;
        using NativeArray<float> x = new(Rows * Hidden), y = new(Rows * Hidden);
        Random random = new(4);
        foreach (ref float value in x.Span)
            value = random.NextSingle() * 4 - 2;
        Stopwatch watch = Stopwatch.StartNew();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        using CpuKernel kernel = Compile(nameof(Normalize), isChecked: false);
        kernel.Launch(new LaunchDimensions(Rows, GroupSize), [x.Slot, Rows * Hidden, y.Slot, Rows * Hidden, Hidden], 0);
        // Other tests run beside: the wall's time says too much on a machine with few cores, the process's where it has many.
        double seconds = Math.Min(watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        output.WriteLine($"from IL to the first launch's end: {seconds * 1e3:f1} ms");
        Assert.True(seconds < 1, $"{seconds} s");
        for (int row = 0; row < Rows; row++)
        {
            double squares = 0;
            for (int c = 0; c < Hidden; c++)
                squares += (double)x.Span[row * Hidden + c] * x.Span[row * Hidden + c];
            for (int c = 0; c < Hidden; c++)
            {
                // A thread adds 3 squares, then 5 shuffles and 2 warps; half of that is left by the root, 4 roundings
                // follow.
                double exact = x.Span[row * Hidden + c] / Math.Sqrt(squares / Hidden);
                double error = Math.Abs(y.Span[row * Hidden + c] - exact), limit = (10 / 2 + 4) * Math.ScaleB(1,
                    -24) * Math.Abs(exact);
                Assert.True(error <= limit, $"[{row}, {c}]: error {error:g3}, limit {limit:g3}");
            }
        }
    }

    [Fact]
    public void AnIndexOutOfRangeNamesItsLine()
    {
        using NativeArray<float> x = new(10), y = new(64);
        using CpuKernel kernel = Compile(nameof(Normalize), isChecked: true);
        string message = Assert.Throws<KernelException>(
            () => kernel.Launch(new LaunchDimensions(1, GroupSize), [x.Slot, 10, y.Slot, 64, 64], 0)).Message;
        Assert.Matches(@"index 10 is outside a view of length 10: .*CompiledKernelTests\.cs:\d+, group \(0, 0, 0\), "
            + @"thread \(10, 0, 0\)", message);
    }

    static CpuKernel Compile(string name, bool isChecked) => CpuKernel.Compile(
        KernelCompiler.Compile(typeof(CompiledKernelTests).GetMethod(name,
            BindingFlags.Static | BindingFlags.NonPublic)!,
            new CompileOptions(CompileTarget.Cpu) { Checked = isChecked, Verify = true }),
        new CpuOptions(isChecked));

    /// <summary>c = a · bᵀ; a group makes 32 x 32 of it, a thread 4 x 4.</summary>
    static void Product(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, int n, int depth)
    {
        ArrayView<float> aTile = SharedMemory.Allocate<float>(Tile * Depth), bTile =
            SharedMemory.Allocate<float>(Tile * Depth);
        ArrayView<float> sums = LocalMemory.Allocate<float>(16);
        int column = Group.IdxX % 8 * 4, row = Group.IdxX / 8 * 4;
        for (int k = 0; k < 16; k++)
            sums[k] = 0f;
        for (int first = 0; first < depth; first += Depth)
        {
            for (int k = Group.IdxX; k < Tile * Depth; k += GroupSize)
            {
                aTile[k] = a[(Grid.IdxY * Tile + k / Depth) * depth + first + k % Depth];
                bTile[k] = b[(Grid.IdxX * Tile + k / Depth) * depth + first + k % Depth];
            }
            Group.Barrier();
            for (int k = 0; k < Depth; k++)
                for (int i = 0; i < 4; i++)
                    for (int j = 0; j < 4; j++)
                        sums[i * 4 + j] += aTile[(row + i) * Depth + k] * bTile[(column + j) * Depth + k];
            Group.Barrier();
        }
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 4; j++)
                c[(Grid.IdxY * Tile + row + i) * n + Grid.IdxX * Tile + column + j] = sums[i * 4 + j];
    }

    /// <summary>y = x / sqrt(mean of x²), row by row.</summary>
    static void Normalize(ArrayView<float> x, ArrayView<float> y, int hidden)
    {
        int rowStart = Grid.IdxX * hidden;
        float squares = 0f;
        for (int c = Group.IdxX; c < hidden; c += GroupSize)
            squares += x[rowStart + c] * x[rowStart + c];
        for (int mask = 16; mask > 0; mask /= 2)
            squares += Warp.ShuffleXor(squares, mask);
        ArrayView<float> warps = SharedMemory.Allocate<float>(GroupSize / 32);
        if (Warp.LaneIdx == 0)
            warps[Group.IdxX / 32] = squares;
        Group.Barrier();
        float inverse = XMath.Rsqrt((warps[0] + warps[1]) / hidden);
        for (int c = Group.IdxX; c < hidden; c += GroupSize)
            y[rowStart + c] = x[rowStart + c] * inverse;
    }
}
