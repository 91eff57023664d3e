using System.Diagnostics;
using System.Runtime.CompilerServices;
using IlgpuDca.Ilgpu.Ir;
using IlgpuDca.Ilgpu.Runtime.Cpu;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Cpu;

/// <summary>What suspensions cost, best of several runs on one core. Not timed: emitting the methods.</summary>
[Collection(SpeedCollection.Name)]
public class SpeedTests(ITestOutputHelper output)
{
    const int Rounds = 2000;

    [Fact]
    public void ABarrierOf256ThreadsTakesLessThanTwoMicroseconds()
    {
        IrBuilder b = new();
        Value data = b.Pointer(), shared = b.Alloca(AddressSpace.Shared, 1024);
        Value[] sum = b.Loop(Constant.Int(Rounds), [b.X], (_, carried) =>
        {
            b.StoreAt(shared, b.X, MemoryType.I32, carried[0]);
            b.Barrier();
            return [b.Add(carried[0], b.LoadAt(shared, b.Op(Opcode.Xor, IrType.I32, b.X, Constant.Int(255)),
                MemoryType.I32))];
        });
        b.StoreAt(data, b.X, MemoryType.I32, sum[0]);
        double microseconds = Best(b, 256) / Rounds * 1e6;
        output.WriteLine($"barrier of 256 threads with a store and a load in shared memory: {microseconds:f3} us");
        Assert.True(microseconds < 2, $"{microseconds} us");
    }

    [Fact]
    public void AShuffleOf32LanesTakesLessThanATenthOfAMicrosecond()
    {
        IrBuilder b = new();
        Value data = b.Pointer();
        Value[] sum = b.Loop(Constant.Int(Rounds), [b.X], (_, carried) =>
        {
            Value value = carried[0];
            for (int mask = 16; mask > 0; mask /= 2)
                value = b.Add(value, b.Shuffle(ShuffleMode.Xor, value, Constant.Int(mask), Constant.Int(32)));
            return [value];
        });
        b.StoreAt(data, b.X, MemoryType.I32, sum[0]);
        double microseconds = Best(b, 32) / (5 * Rounds) * 1e6;
        output.WriteLine($"shuffle of 32 lanes and an addition: {microseconds:f3} us");
        Assert.True(microseconds < 0.1, $"{microseconds} us");
    }

    [Fact]
    public void ScalarLoopsRunAsPlainCode()
    {
        const int Length = 4096, Threads = 64;
        IrBuilder b = new();
        Value x = b.Pointer(), y = b.Pointer(), result = b.Pointer();
        Value[] dot = b.Loop(Constant.Int(Length), [Constant.Float(0)], (i, carried) =>
            [b.Op(Opcode.Fma, IrType.F32, b.LoadAt(x, i, MemoryType.F32), b.LoadAt(y, i, MemoryType.F32), carried[0])]);
        b.StoreAt(result, b.X, MemoryType.F32, dot[0]);
        using CpuKernel kernel = b.Compile();
        using NativeArray<float> left = new(Length), right = new(Length), sums = new(Threads);
        left.Span.Fill(0.5f);
        right.Span.Fill(3f);
        ulong[] slots = [left.Slot, right.Slot, sums.Slot];
        double ours = Best(() => kernel.Launch(new LaunchDimensions(1, Threads), slots, 0));
        double plain = Best(() =>
        {
            for (int thread = 0; thread < Threads; thread++)
                sums.Span[thread] = Dot(left.Span, right.Span);
        });
        Assert.Equal(1.5f * Length, sums.Span[0]);
        output.WriteLine($"dot product: {ours / Threads / Length * 1e9:f3} ns an fma, "
            + $"plain C# {plain / Threads / Length * 1e9:f3} ns");
        Assert.True(ours < 2 * plain, $"{ours} s against {plain} s of plain C#");
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        float sum = 0;
        for (int i = 0; i < x.Length; i++)
            sum = MathF.FusedMultiplyAdd(x[i], y[i], sum);
        return sum;
    }

    static double Best(IrBuilder b, int threads)
    {
        using CpuKernel kernel = b.Compile();
        using NativeArray<int> result = new(threads);
        ulong[] slots = [result.Slot];
        return Best(() => kernel.Launch(new LaunchDimensions(1, threads), slots, 0));
    }

    static double Best(Action action)
    {
        double best = double.MaxValue;
        for (int run = 0; run < 40; run++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }
}
