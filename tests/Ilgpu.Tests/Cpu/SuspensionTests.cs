using IlgpuDca.Ilgpu.Ir;
using IlgpuDca.Ilgpu.Runtime.Cpu;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Cpu;

/// <summary>Barriers, shuffles and collectives: whole, partial and diverged warps.</summary>
public unsafe class SuspensionTests
{
    [Theory]
    [InlineData(256, 8)]
    [InlineData(100, 3)]
    [InlineData(1, 2)]
    public void SharedMemoryIsReversedAcrossABarrier(int threads, int groups)
    {
        IrBuilder b = new();
        Value output = b.Pointer();
        Value unused = b.Alloca(AddressSpace.Shared, 12, 4), shared = b.Alloca(AddressSpace.Shared, 4096, 16);
        b.Store(unused, MemoryType.I32, Constant.Int(-9));
        Value group = b.Special(SpecialRegister.GridIdxX), size = b.Special(SpecialRegister.GroupDimX);
        Value mine = b.Add(b.Mul(group, Constant.Int(1000)), b.X);
        b.StoreAt(shared, b.X, MemoryType.I32, mine);
        b.Barrier();
        Value mirror = b.Op(Opcode.Sub, IrType.I32, b.Op(Opcode.Sub, IrType.I32, size, Constant.Int(1)), b.X);
        b.StoreAt(output, b.Add(b.Mul(group, size), b.X), MemoryType.I32, b.Add(b.LoadAt(shared, mirror,
            MemoryType.I32), mine));
        using CpuKernel kernel = b.Compile(isChecked: true, workers: 2);
        using NativeArray<int> result = new(threads * groups);
        kernel.Launch(new LaunchDimensions(groups, threads), [result.Slot], 0);
        for (int k = 0; k < threads * groups; k++)
            Assert.Equal(2000 * (k / threads) + threads - 1, result.Span[k]);
    }

    [Fact]
    public void TreeReductionInDynamicSharedMemory()
    {
        // for (offset = 128; offset > 0; offset /= 2) { if (x < offset) s[x] += s[x + offset]; barrier; }
        IrBuilder b = new();
        Value output = b.Pointer();
        Value fix = b.Alloca(AddressSpace.Shared, 4, 4), s = b.Op(Opcode.DynamicShared,
            IrType.Pointer(AddressSpace.Shared));
        b.StoreAt(s, b.X, MemoryType.F32, b.Op(Opcode.IntToFloat, IrType.F32, b.X));
        b.Store(fix, MemoryType.F32, Constant.Float(float.NaN));
        b.Barrier();
        b.Loop(Constant.Int(8), [Constant.Int(128)], (_, carried) =>
        {
            b.If(b.Compare(Predicate.Less, b.X, carried[0]), () => b.StoreAt(s, b.X, MemoryType.F32, b.Add(
                b.LoadAt(s, b.X, MemoryType.F32), b.LoadAt(s, b.Add(b.X, carried[0]), MemoryType.F32))));
            b.Barrier();
            return [b.Op(Opcode.ShrU, IrType.I32, carried[0], Constant.Int(1))];
        });
        b.StoreAt(output, b.X, MemoryType.F32, b.LoadAt(s, Constant.Int(0), MemoryType.F32));
        using CpuKernel kernel = b.Compile(isChecked: true);
        using NativeArray<float> result = new(256);
        kernel.Launch(new LaunchDimensions(1, 256), [result.Slot], 1024);
        Assert.Equal(Enumerable.Repeat(255f * 128f, 256), result.Span.ToArray());
    }

    [Fact]
    public void LoopsWithDifferentCountsBetweenBarriers()
    {
        IrBuilder b = new();
        Value output = b.Pointer(), shared = b.Alloca(AddressSpace.Shared, 512);
        Value[] total = b.Loop(Constant.Int(3), [Constant.Int(0)], (round, carried) =>
        {
            Value[] count = b.Loop(b.Add(b.X, round), [carried[0]], (i, inner) => [b.Add(inner[0], i)]);
            b.StoreAt(shared, b.X, MemoryType.I32, count[0]);
            b.Barrier();
            Value next = b.Op(Opcode.RemU, IrType.I32, b.Add(b.X, Constant.Int(1)), Constant.Int(100));
            Value neighbour = b.LoadAt(shared, next, MemoryType.I32);
            b.Barrier();
            return [neighbour];
        });
        b.StoreAt(output, b.X, MemoryType.I32, total[0]);
        using CpuKernel kernel = b.Compile(isChecked: true);
        using NativeArray<int> result = new(100);
        kernel.Launch(new LaunchDimensions(1, 100), [result.Slot], 0);
        int[] expected = new int[100];
        for (int round = 0; round < 3; round++)
        {
            int[] own = [.. expected.Select((value, x) => value + (x + round) * (x + round - 1) / 2)];
            expected = [.. own.Select((_, x) => own[(x + 1) % 100])];
        }
        Assert.Equal(expected, result.Span.ToArray());
    }

    [Fact]
    public void DivergedThreadsMeetAtOneBarrierFromEitherSide()
    {
        // A barrier in each arm of a branch taken by thread parity; unchecked, all threads of the group are let go
        // together.
        IrBuilder b = new();
        Value output = b.Pointer(), shared = b.Alloca(AddressSpace.Shared, 1024);
        Value isOdd = b.Compare(Predicate.NotEqual, b.Op(Opcode.And, IrType.I32, b.X, Constant.Int(1)),
            Constant.Int(0));
        Value keep = b.Mul(b.X, Constant.Int(3));
        b.StoreAt(shared, b.X, MemoryType.I32, b.X);
        b.If(isOdd, () =>
        {
            b.Barrier();
            b.StoreAt(output, b.X, MemoryType.I32, b.Add(keep, b.LoadAt(shared, b.Op(Opcode.Xor, IrType.I32, b.X,
                Constant.Int(1)), MemoryType.I32)));
        }, () =>
        {
            b.Barrier();
            b.StoreAt(output, b.X, MemoryType.I32, b.Op(Opcode.Neg, IrType.I32, keep));
        });
        using NativeArray<int> result = new(70);
        using (CpuKernel kernel = b.Compile())
            kernel.Launch(new LaunchDimensions(1, 70), [result.Slot], 0);
        for (int k = 0; k < 70; k++)
            Assert.Equal(k % 2 == 1 ? 3 * k + k - 1 : -3 * k, result.Span[k]);
        using CpuKernel withChecks = b.Compile(isChecked: true);
        KernelException error = Assert.Throws<KernelException>(() => withChecks.Launch(new LaunchDimensions(1, 70),
            [result.Slot], 0));
        Assert.StartsWith("kernel: barrier divergence in group (0, 0, 0): warps 0-1: lane 0 wait", error.Message);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(77)]
    public void BarrierReductions(int threads)
    {
        IrBuilder b = new();
        Value output = b.Pointer(), limit = b.Parameter(MemoryType.I32);
        Value holds = b.Compare(Predicate.Less, b.X, limit);
        Value count = b.Op(Opcode.BarrierPopCount, IrType.I32, holds);
        Value all = b.Op(Opcode.BarrierAnd, IrType.Bool, holds), any = b.Op(Opcode.BarrierOr, IrType.Bool, holds);
        Value packed = b.Add(count, b.Add(b.Mul(b.Op(Opcode.ZeroExtend, IrType.I32, all), Constant.Int(1000)),
            b.Mul(b.Op(Opcode.ZeroExtend, IrType.I32, any), Constant.Int(10000))));
        b.StoreAt(output, b.X, MemoryType.I32, packed);
        using CpuKernel kernel = b.Compile(isChecked: true);
        using NativeArray<int> result = new(threads);
        foreach (int n in (int[])[0, 1, 40, threads - 1, threads])
        {
            kernel.Launch(new LaunchDimensions(1, threads), [result.Slot, (ulong)n], 0);
            int expected = n + (n == threads ? 1000 : 0) + (n > 0 ? 10000 : 0);
            Assert.Equal(Enumerable.Repeat(expected, threads), result.Span.ToArray());
        }
    }

    [Theory]
    [InlineData(64)]
    [InlineData(45)]
    public void ShufflesOfEveryModeWidthAndDelta(int threads)
    {
        foreach (ShuffleMode mode in Enum.GetValues<ShuffleMode>())
        {
            foreach (int width in (int[])[32, 16, 8, 4, 2, 1])
            {
                foreach (int delta in (int[])[0, 1, 2, 5, 8, 16, 31, 33])
                {
                    int[] expected = new int[threads];
                    for (int k = 0; k < threads; k++)
                    {
                        int source = ShflSync(mode, k % 32, delta, width) + k / 32 * 32;
                        expected[k] = 7 * (source < threads ? source : k) + 1;
                    }
                    Assert.Equal(expected, RunShuffle(threads, mode, width, delta, IrType.I32, true));
                    Assert.Equal(expected, RunShuffle(threads, mode, width, delta, IrType.I32, false));
                    Assert.Equal(expected, RunShuffle(threads, mode, width, delta, IrType.I64, true));
                    Assert.Equal(expected, RunShuffle(threads, mode, width, delta, IrType.F64, false));
                }
            }
        }
    }

    [Fact]
    public void ShufflesInALoopReduceAWarp()
    {
        IrBuilder b = new();
        Value output = b.Pointer();
        Value[] sum = b.Loop(Constant.Int(5), [b.Mul(b.X, b.X), Constant.Int(1)], (_, carried) =>
        [
            b.Add(carried[0], b.Shuffle(ShuffleMode.Xor, carried[0], carried[1], Constant.Int(32))),
            b.Op(Opcode.Shl, IrType.I32, carried[1], Constant.Int(1)),
        ]);
        b.StoreAt(output, b.X, MemoryType.I32, sum[0]);
        using CpuKernel kernel = b.Compile();
        using NativeArray<int> result = new(96);
        kernel.Launch(new LaunchDimensions(1, 96), [result.Slot], 0);
        for (int k = 0; k < 96; k++)
            Assert.Equal(Enumerable.Range(k / 32 * 32, 32).Sum(x => x * x), result.Span[k]);
    }

    [Fact]
    public void ReturnedLanesAreNoSources()
    {
        IrBuilder b = new();
        Value output = b.Pointer();
        b.If(b.Compare(Predicate.Less, b.X, Constant.Int(20)), () => b.StoreAt(output, b.X, MemoryType.I32,
            b.Shuffle(ShuffleMode.Down, b.Mul(b.X, Constant.Int(2)), Constant.Int(3), Constant.Int(32))));
        using CpuKernel kernel = b.Compile();
        using NativeArray<int> result = new(32);
        kernel.Launch(new LaunchDimensions(1, 32), [result.Slot], 0);
        for (int k = 0; k < 32; k++)
            Assert.Equal(k >= 20 ? 0 : k + 3 < 20 ? 2 * (k + 3) : 2 * k, result.Span[k]);
    }

    [Fact]
    public void ACollectiveRunsOncePerWarp()
    {
        // y = warp sum of a, b += lane of the largest: one input, one output, one in-out of 64 bits.
        CollectiveInfo info = new(typeof(SuspensionTests).GetMethod(nameof(SumRoutine),
            System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!,
        [
            new CollectiveParameter(AsmOperandKind.Output, MemoryType.F32),
            new CollectiveParameter(AsmOperandKind.Input, MemoryType.F32),
            new CollectiveParameter(AsmOperandKind.InOut, MemoryType.I64),
        ]);
        IrBuilder b = new();
        Value output = b.Pointer();
        Value a = b.Op(Opcode.IntToFloat, IrType.F32, b.X), wide = b.Op(Opcode.SignExtend, IrType.I64, b.X);
        Instruction first = b.Build(Opcode.Collective, IrType.Tuple, info, a, wide);
        Value sum = b.Build(Opcode.Extract, IrType.F32, 0, first), counted = b.Build(Opcode.Extract, IrType.I64, 1,
            first);
        Instruction second = b.Build(Opcode.Collective, IrType.Tuple, info, sum, counted);
        b.Barrier();
        b.StoreAt(output, b.X, MemoryType.F32, b.Add(sum, b.Build(Opcode.Extract, IrType.F32, 0, second)));
        b.StoreAt(output, b.Add(b.X, Constant.Int(50)), MemoryType.F32,
            b.Op(Opcode.IntToFloat, IrType.F32, b.Build(Opcode.Extract, IrType.I64, 1, second)));
        using CpuKernel kernel = b.Compile();
        using NativeArray<float> result = new(100);
        kernel.Launch(new LaunchDimensions(1, 50), [result.Slot], 0);
        for (int k = 0; k < 50; k++)
        {
            int lanes = k < 32 ? 32 : 18;
            float expected = k < 32 ? 31 * 16 : Enumerable.Range(32, 18).Sum();
            Assert.Equal(expected + lanes * expected, result.Span[k]);
            Assert.Equal(k + 2 * lanes, result.Span[50 + k]);
        }
    }

    [Fact]
    public void WideOperandsLeaveNarrowResultsOfLaterLanesAlone()
    {
        // Twice the lane in 32 bits, then at once a shuffle of 64 bits, both at place 0 of the operands.
        CollectiveInfo info = new(typeof(SuspensionTests).GetMethod(nameof(LaneRoutine),
            System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!,
            [new CollectiveParameter(AsmOperandKind.InOut, MemoryType.I32)]);
        IrBuilder b = new();
        Value output = b.Pointer();
        Value doubled = b.Build(Opcode.Extract, IrType.I32, 0, b.Build(Opcode.Collective, IrType.Tuple, info, b.X));
        Value wide = b.Op(Opcode.Not, IrType.I64, b.Op(Opcode.SignExtend, IrType.I64, b.X));
        Value shuffled = b.Shuffle(ShuffleMode.Xor, wide, Constant.Int(1), Constant.Int(32));
        b.StoreAt(output, b.X, MemoryType.I32, b.Add(doubled, b.Op(Opcode.Truncate64, IrType.I32, shuffled)));
        using CpuKernel kernel = b.Compile();
        using NativeArray<int> result = new(32);
        kernel.Launch(new LaunchDimensions(1, 32), [result.Slot], 0);
        for (int k = 0; k < 32; k++)
            Assert.Equal(2 * k + ~(k ^ 1), result.Span[k]);
    }

    internal static void LaneRoutine(LaneBlock block)
    {
        for (int lane = 0; lane < block.Lanes; lane++)
            ((int*)block.Operand(0, sizeof(int)))[lane] *= 2;
    }

    internal static void SumRoutine(LaneBlock block)
    {
        float sum = 0;
        for (int lane = 0; lane < block.Lanes; lane++)
            sum += ((float*)block.Operand(1, sizeof(float)))[lane];
        for (int lane = 0; lane < block.Lanes; lane++)
        {
            ((float*)block.Operand(0, sizeof(float)))[lane] = sum;
            ((long*)block.Operand(2, sizeof(long)))[lane] += block.Lanes;
        }
    }

    /// <summary>A routine's operands, made as the accelerator makes them.</summary>
    internal readonly ref struct LaneBlock(byte* start, int lanes)
    {
        public byte* Operand(int operand, int size) =>
            start + FrameLayout.OperandAt(operand, size) - FrameLayout.OperandOffset;

        public int Lanes => lanes;
    }

    /// <summary>shfl.sync by the text of the PTX manual, with its packed clamp and segment mask.</summary>
    static int ShflSync(ShuffleMode mode, int lane, int b, int width)
    {
        int segment = 32 - width, clamp = mode == ShuffleMode.Up ? 0 : 31;
        b &= 31;
        int maximum = (lane & segment) | (clamp & ~segment), minimum = lane & segment;
        (int j, bool inside) = mode switch
        {
            ShuffleMode.Up => (lane - b, lane - b >= maximum),
            ShuffleMode.Down => (lane + b, lane + b <= maximum),
            ShuffleMode.Xor => (lane ^ b, (lane ^ b) <= maximum),
            _ => (minimum | (b & ~segment), (minimum | (b & ~segment)) <= maximum),
        };
        return inside ? j : lane;
    }

    static int[] RunShuffle(int threads, ShuffleMode mode, int width, int delta, IrType type, bool isConstant)
    {
        IrBuilder b = new();
        Value output = b.Pointer(), by = b.Parameter(MemoryType.I32);
        Value value = b.Add(b.Mul(b.X, Constant.Int(7)), Constant.Int(1));
        if (type.Kind == IrKind.I64)
            value = b.Op(Opcode.SignExtend, type, value);
        else if (type.Kind == IrKind.F64)
            value = b.Op(Opcode.IntToFloat, type, value);
        Value got = b.Shuffle(mode, value, isConstant ? Constant.Int(delta) : by, Constant.Int(width));
        if (type.Kind == IrKind.I64)
            got = b.Op(Opcode.Truncate64, IrType.I32, got);
        else if (type.Kind == IrKind.F64)
            got = b.Op(Opcode.FloatToInt, IrType.I32, got);
        b.StoreAt(output, b.X, MemoryType.I32, got);
        using CpuKernel kernel = b.Compile();
        using NativeArray<int> result = new(threads);
        kernel.Launch(new LaunchDimensions(1, threads), [result.Slot, (ulong)delta], 0);
        return result.Span.ToArray();
    }
}
