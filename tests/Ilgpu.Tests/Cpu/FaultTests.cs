using System.Runtime.CompilerServices;
using IlgpuDca.Ilgpu.Diagnostics;
using IlgpuDca.Ilgpu.Ir;
using IlgpuDca.Ilgpu.Runtime.Cpu;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Cpu;

/// <summary>
/// What goes wrong in kernels is told with its place, reaches the launching thread, and hangs nothing.
/// </summary>
public unsafe class FaultTests
{
    static readonly SourceLocation Here = new(typeof(FaultTests).GetMethod(nameof(OneLine)), 0);

    static readonly int LineAboveOneLine = CurrentLine();
    public static int OneLine() => 7;

    static int CurrentLine([CallerLineNumber] int line = 0) => line;

    [Fact]
    public void LinesComeFromTheEmbeddedPdb()
    {
        Assert.True(SourceLines.TryFind(Here, out string file, out int line));
        Assert.EndsWith("FaultTests.cs", file);
        Assert.Equal(LineAboveOneLine + 1, line);
        Assert.Equal($"FaultTests.OneLine, FaultTests.cs:{line}", SourceLines.Describe(Here));
        Assert.Equal("an unknown place", SourceLines.Describe(default));
    }

    [Fact]
    public void LinesAreFoundInAnAssemblyWithoutAFile()
    {
        System.Reflection.Assembly loaded =
            System.Reflection.Assembly.Load(File.ReadAllBytes(typeof(FaultTests).Assembly.Location));
        System.Reflection.MethodInfo method = loaded.GetType(typeof(FaultTests).FullName!)!.GetMethod(nameof(OneLine))!;
        Assert.Equal("", loaded.Location);
        Assert.Equal(SourceLines.Describe(Here), SourceLines.Describe(new SourceLocation(method, 0)));
    }

    [Fact]
    public void AnIndexOutOfRangeIsNamedWhenChecked()
    {
        IrBuilder b = new("gather") { Location = Here };
        Value data = b.Pointer(), length = b.Parameter(MemoryType.I64);
        Value index = b.Op(Opcode.SignExtend, IrType.I64, b.Op(Opcode.Sub, IrType.I32, b.X, Constant.Int(2)));
        b.If(b.Compare(Predicate.Greater, b.Special(SpecialRegister.GridIdxX), Constant.Int(2)), () =>
            b.Op(Opcode.CheckBounds, IrType.Void, index, length));
        b.StoreAt(data, Constant.Int(0), MemoryType.I32, Constant.Int(1));
        using NativeArray<int> memory = new(1);
        using CpuKernel kernel = b.Compile(isChecked: true, workers: 2);
        string message = Assert.Throws<KernelException>(
            () => kernel.Launch(new LaunchDimensions(4, 2, 1, 4, 2, 2), [memory.Slot, 5], 0)).Message;
        Assert.Matches($@"^gather: index -2 is outside a view of length 5: {SourceLines.Describe(Here)}, "
            + @"group \(3, [01], 0\), thread \(0, 0, 0\)\.$", message);
        using CpuKernel withoutChecks = b.Compile();
        withoutChecks.Launch(new LaunchDimensions(4, 2, 1, 4, 2, 2), [memory.Slot, 5], 0);
        Assert.Equal(1, memory.Span[0]);
    }

    [Fact]
    public void ADeadlockNamesWhereEachWarpWaits()
    {
        // Half of warp 1 waits for a shuffle, the other half and the other warps for the group.
        IrBuilder b = new("stuck") { Location = Here };
        Value output = b.Pointer();
        b.If(b.Compare(Predicate.GreaterOrEqual, b.X, Constant.Int(48)), () => b.StoreAt(output, b.X, MemoryType.I32,
            b.Shuffle(ShuffleMode.Xor, b.X, Constant.Int(1), Constant.Int(32))), b.Barrier);
        using NativeArray<int> memory = new(128);
        using CpuKernel kernel = b.Compile();
        string where = SourceLines.Describe(Here);
        string message = Assert.Throws<KernelException>(
            () => kernel.Launch(new LaunchDimensions(1, 128), [memory.Slot], 0)).Message;
        Assert.StartsWith($"stuck: deadlock in group (0, 0, 0): warp 0: all lanes wait at Barrier, {where}; "
            + $"warp 1: lanes 0-15 wait at Barrier, {where}, lanes 16-31 wait at Shuffle, {where}; "
            + "warps 2-3: all lanes returned",
            message);
    }

    [Fact]
    public void AReturnedThreadLetsABarrierOpenButIsDivergenceWhenChecked()
    {
        IrBuilder b = new();
        Value output = b.Pointer();
        b.If(b.Compare(Predicate.Less, b.X, Constant.Int(40)), () =>
        {
            Value count = b.Op(Opcode.BarrierPopCount, IrType.I32, Constant.Bool(true));
            b.StoreAt(output, b.X, MemoryType.I32, count);
        });
        using NativeArray<int> memory = new(64);
        using (CpuKernel kernel = b.Compile())
            kernel.Launch(new LaunchDimensions(1, 64), [memory.Slot], 0);
        Assert.Equal([.. Enumerable.Repeat(40, 40), .. Enumerable.Repeat(0, 24)], memory.Span.ToArray());
        using CpuKernel withChecks = b.Compile(isChecked: true);
        Assert.Contains("warp 1: lanes 0-7 wait at BarrierPopCount, an unknown place, lanes 8-31 returned",
            Assert.Throws<KernelException>(() => withChecks.Launch(new LaunchDimensions(1, 64), [memory.Slot],
                0)).Message);
    }

    [Fact]
    public void SharedMemoryIsPoisonedWhenChecked()
    {
        IrBuilder b = new();
        Value output = b.Pointer(), shared = b.Alloca(AddressSpace.Shared, 64);
        Value group = b.Special(SpecialRegister.GridIdxX);
        b.StoreAt(output, group, MemoryType.F32, b.Load(shared, MemoryType.F32));
        b.Store(shared, MemoryType.F32, Constant.Float(1));
        using NativeArray<float> memory = new(3);
        using CpuKernel kernel = b.Compile(isChecked: true);
        kernel.Launch(new LaunchDimensions(3, 1), [memory.Slot], 0);
        Assert.Equal([float.NaN, float.NaN, float.NaN], memory.Span.ToArray());
    }

    [Fact]
    public void ANullPointerIsAKernelException()
    {
        IrBuilder b = new("reads");
        Value data = b.Pointer();
        b.StoreAt(data, b.X, MemoryType.I32, b.LoadAt(data, b.X, MemoryType.I32));
        using CpuKernel kernel = b.Compile(workers: 2);
        for (int k = 0; k < 20; k++)
            Assert.StartsWith("reads: the kernel read or wrote through a null pointer.",
                Assert.Throws<KernelException>(() => kernel.Launch(new LaunchDimensions(1000, 32), [0], 0)).Message);
    }

    [Fact]
    public void AtomicsOfManyGroups()
    {
        (AtomicOp Operation, MemoryType Type, Func<int, long> Value, Func<IEnumerable<long>, long> Fold)[] cases =
        [
            (AtomicOp.Add, MemoryType.I32, x => x, all => (int)all.Sum()),
            (AtomicOp.Add, MemoryType.I64, x => x * (1L << 33), all => all.Sum()),
            (AtomicOp.Add, MemoryType.F32, x => x & 1, all => all.Sum()),
            (AtomicOp.Add, MemoryType.F64, x => x, all => all.Sum()),
            (AtomicOp.MinS, MemoryType.I32, x => 50 - x, all => Math.Min(0, all.Min())),
            (AtomicOp.MaxS, MemoryType.I64, x => 50 - x, all => Math.Max(0, all.Max())),
            (AtomicOp.MaxU, MemoryType.I32, x => x - 50, all => (int)all.Max(x => (uint)x)),
            (AtomicOp.MinU, MemoryType.I64, x => x - 50, _ => 0),
            (AtomicOp.Or, MemoryType.I32, x => 1L << (x & 15), all => all.Aggregate((a, c) => a | c)),
            (AtomicOp.And, MemoryType.I64, x => x, _ => 0),
            (AtomicOp.Xor, MemoryType.I32, x => x, all => all.Aggregate((a, c) => a ^ c)),
            (AtomicOp.Xor, MemoryType.I64, x => x * 3, all => all.Aggregate((a, c) => a ^ c)),
        ];
        const int Groups = 300, Threads = 64;
        foreach ((AtomicOp operation, MemoryType type, Func<int, long> value, Func<IEnumerable<long>,
            long> fold) in cases)
        {
            IrBuilder b = new();
            Value target = b.Pointer(), values = b.Pointer();
            Value index = b.Add(b.Mul(b.Special(SpecialRegister.GridIdxX), Constant.Int(Threads)), b.X);
            Value own = b.LoadAt(values, index, MemoryType.I64);
            own = type switch
            {
                MemoryType.I32 => b.Op(Opcode.Truncate64, IrType.I32, own),
                MemoryType.I64 => own,
                _ => b.Op(Opcode.IntToFloat, type.ValueType(), own),
            };
            b.Build(Opcode.Atomic, type.ValueType(), new AtomicInfo(operation, type), target, own);
            using CpuKernel kernel = b.Compile(workers: 2);
            using NativeArray<long> input = new(Groups * Threads), result = new(1);
            for (int k = 0; k < Groups * Threads; k++)
                input.Span[k] = value(k);
            kernel.Launch(new LaunchDimensions(Groups, Threads), [result.Slot, input.Slot], 0);
            long actual = type switch
            {
                MemoryType.I32 => (int)result.Span[0],
                MemoryType.I64 => result.Span[0],
                MemoryType.F32 => (long)BitConverter.Int32BitsToSingle((int)result.Span[0]),
                _ => (long)BitConverter.Int64BitsToDouble(result.Span[0]),
            };
            Assert.Equal((operation, type, fold(input.Span.ToArray())), (operation, type, actual));
        }
    }

    [Fact]
    public void AtomicsGiveTheOldValue()
    {
        // Tickets: each thread draws a number, in global and in shared memory; a lock-free stack by compare-exchange.
        IrBuilder b = new();
        Value counter = b.Pointer(), output = b.Pointer(), shared = b.Alloca(AddressSpace.Shared, 16);
        AtomicInfo add = new(AtomicOp.Add, MemoryType.I32);
        b.If(b.Compare(Predicate.Equal, b.X, Constant.Int(0)), () => b.Store(shared, MemoryType.I32, Constant.Int(0)));
        b.Barrier();
        Value local = b.Build(Opcode.Atomic, IrType.I32, add, shared, Constant.Int(1));
        Value ticket = b.Build(Opcode.Atomic, IrType.I32, add, counter, Constant.Int(1));
        b.StoreAt(output, ticket, MemoryType.I32, local);
        Value second = b.Op(Opcode.PointerAdd, counter.Type, counter, Constant.Long(4));
        b.Build(Opcode.AtomicCompareExchange, IrType.F32, new AtomicInfo(AtomicOp.Exchange, MemoryType.F32),
            second, Constant.Float(0), Constant.Float(2.5f));
        b.Build(Opcode.Fence, IrType.Void, FenceLevel.Device);
        Value third = b.Op(Opcode.PointerAdd, counter.Type, counter, Constant.Long(8));
        Value old = b.Build(Opcode.AtomicCompareExchange, IrType.I32, add, third, Constant.Int(123), Constant.Int(7));
        b.Build(Opcode.Atomic, IrType.I32, new AtomicInfo(AtomicOp.Exchange, MemoryType.I32),
            b.Op(Opcode.PointerAdd, counter.Type, counter, Constant.Long(12)), b.Add(old, Constant.Int(1)));
        using CpuKernel kernel = b.Compile(workers: 2);
        using NativeArray<int> counters = new(4), result = new(200 * 64);
        kernel.Launch(new LaunchDimensions(200, 64), [counters.Slot, result.Slot], 0);
        Assert.Equal([200 * 64, BitConverter.SingleToInt32Bits(2.5f), 0, 1], counters.Span.ToArray());
        Assert.Equal(Enumerable.Range(0, 200 * 64).Select(k => k / 200), result.Span.ToArray().Order());
    }
}
