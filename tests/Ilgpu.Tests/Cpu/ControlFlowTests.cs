using IlgpuDca.Ilgpu.Ir;
using IlgpuDca.Ilgpu.Runtime.Cpu;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Cpu;

/// <summary>Blocks, loops and phis; thread indices; memory of all kinds; launches and their errors.</summary>
public unsafe class ControlFlowTests
{
    [Fact]
    public void EveryThreadKnowsItsPlace()
    {
        SpecialRegister[] registers = [.. Enum.GetValues<SpecialRegister>()];
        foreach (bool suspends in (bool[])[false, true])
        {
            IrBuilder b = new();
            Value output = b.Pointer();
            if (suspends)
                b.Barrier();
            Value gx = b.Special(SpecialRegister.GridIdxX), gy = b.Special(SpecialRegister.GridIdxY);
            Value gz = b.Special(SpecialRegister.GridIdxZ);
            Value group = b.Add(gx, b.Mul(Constant.Int(3), b.Add(gy, b.Mul(gz, Constant.Int(2)))));
            Value thread = b.Add(b.X, b.Mul(Constant.Int(5),
                b.Add(b.Special(SpecialRegister.GroupIdxY), b.Mul(b.Special(SpecialRegister.GroupIdxZ),
                    Constant.Int(7)))));
            Value row = b.Mul(b.Add(b.Mul(group, Constant.Int(70)), thread), Constant.Int(registers.Length));
            for (int k = 0; k < registers.Length; k++)
                b.StoreAt(output, b.Add(row, Constant.Int(k)), MemoryType.I32, b.Special(registers[k]));
            using CpuKernel kernel = b.Compile(workers: 2);
            using NativeArray<int> result = new(12 * 70 * registers.Length);
            kernel.Launch(new LaunchDimensions(3, 2, 2, 5, 7, 2), [result.Slot], 48);
            int at = 0;
            for (int g = 0; g < 12; g++)
            {
                for (int t = 0; t < 70; t++)
                {
                    int[] expected = [g % 3, g / 3 % 2, g / 6, 3, 2, 2, t % 5, t / 5 % 7, t / 35, 5, 7, 2, t % 32, 48];
                    Assert.Equal(expected, result.Span.Slice(at, registers.Length).ToArray());
                    at += registers.Length;
                }
            }
        }
    }

    [Fact]
    public void LoopsCarryValues()
    {
        // Fibonacci: the two phis swap, so that their copies depend on each other.
        IrBuilder b = new();
        Value output = b.Pointer();
        Value[] after = b.Loop(b.X, [Constant.Long(0), Constant.Long(1)],
            (_, carried) => [carried[1], b.Add(carried[0], carried[1])]);
        b.StoreAt(output, b.X, MemoryType.I64, after[0]);
        // A pure swap, an odd number of times for odd threads.
        Value[] swapped = b.Loop(b.X, [Constant.Long(10), Constant.Long(20)], (_, carried) => [carried[1], carried[0]]);
        b.StoreAt(output, b.Add(b.X, Constant.Int(64)), MemoryType.I64, swapped[0]);
        using CpuKernel kernel = b.Compile();
        using NativeArray<long> result = new(128);
        kernel.Launch(new LaunchDimensions(1, 64), [result.Slot], 0);
        long first = 0, second = 1;
        for (int k = 0; k < 64; k++)
        {
            Assert.Equal(first, result.Span[k]);
            Assert.Equal(k % 2 == 0 ? 10 : 20, result.Span[64 + k]);
            (first, second) = (second, first + second);
        }
    }

    [Fact]
    public void SwitchGoesToItsCaseAndElseToTheLast()
    {
        IrBuilder b = new();
        Value output = b.Pointer();
        BasicBlock from = b.Block, end = b.Function.AddBlock();
        BasicBlock[] cases = [.. Enumerable.Range(0, 3).Select(_ => b.Function.AddBlock())];
        Value selector = b.Op(Opcode.Sub, IrType.I32, b.X, Constant.Int(1));
        Instruction phi = b.Phi(IrType.I32);
        from.Terminator = new Terminator(TerminatorKind.Switch, selector, [.. cases, end]);
        foreach (BasicBlock target in cases)
            target.Terminator = Terminator.Jump(end);
        phi.Operands = [Constant.Int(-5), .. Enumerable.Range(0, 3).Select(k => Constant.Int(k * 10))];
        phi.Incoming = [from, .. cases];
        end.Instructions.Add(phi);
        b.Block = end;
        b.StoreAt(output, b.X, MemoryType.I32, phi);
        using CpuKernel kernel = b.Compile();
        using NativeArray<int> result = new(6);
        kernel.Launch(new LaunchDimensions(1, 6), [result.Slot], 0);
        Assert.Equal([-5, 0, 10, 20, -5, -5], result.Span.ToArray());
    }

    [Fact]
    public void NarrowAndVectorAccesses()
    {
        IrBuilder b = new();
        Value input = b.Pointer(), output = b.Pointer();
        (MemoryType Type, int At)[] narrow =
            [(MemoryType.I8, 1), (MemoryType.U8, 1), (MemoryType.I16, 2), (MemoryType.U16, 2), (MemoryType.I32, 4)];
        for (int k = 0; k < narrow.Length; k++)
            b.StoreAt(output, Constant.Int(k), MemoryType.I32,
                b.Load(b.Op(Opcode.PointerAdd, input.Type, input, Constant.Long(narrow[k].At)), narrow[k].Type));
        // Four floats at an odd address, written back in reverse over themselves with loads folded in between.
        Value odd = b.Op(Opcode.PointerAdd, input.Type, input, Constant.Long(33));
        Instruction four = b.Build(Opcode.Load, IrType.Tuple, new MemoryAccess(MemoryType.F32, 4, 1), odd);
        Value[] parts = [.. Enumerable.Range(0, 4).Select(k => b.Build(Opcode.Extract, IrType.F32, 3 - k, four))];
        b.Build(Opcode.Store, IrType.Void, new MemoryAccess(MemoryType.F32, 4, 1), [odd, .. parts]);
        // A swap of two values in memory: both are read before either is written.
        Value pair = b.Op(Opcode.PointerAdd, input.Type, input, Constant.Long(64));
        Value low = b.Load(pair, MemoryType.I32);
        Value high = b.Load(b.Op(Opcode.PointerAdd, input.Type, pair, Constant.Long(4)), MemoryType.I32);
        b.Build(Opcode.Store, IrType.Void, new MemoryAccess(MemoryType.I32, 2, 8), pair, high, low);
        b.Store(b.Op(Opcode.PointerAdd, input.Type, input, Constant.Long(80)), MemoryType.I8, Constant.Int(0x1ff));
        using CpuKernel kernel = b.Compile();
        using NativeArray<byte> data = new(96);
        using NativeArray<int> result = new(8);
        for (int k = 0; k < 8; k++)
            data.Span[k] = (byte)(0xf0 + k);
        float[] floats = [1, 2, 3, 4];
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(floats.AsSpan()).CopyTo(data.Span[33..]);
        BitConverter.TryWriteBytes(data.Span[64..], 111);
        BitConverter.TryWriteBytes(data.Span[68..], 222);
        kernel.Launch(new LaunchDimensions(1, 1), [data.Slot, result.Slot], 0);
        Assert.Equal([unchecked((sbyte)0xf1), 0xf1, unchecked((short)0xf3f2), 0xf3f2, unchecked((int)0xf7f6f5f4)],
            result.Span[..5].ToArray());
        Assert.Equal([4f, 3f, 2f, 1f], Enumerable.Range(0, 4).Select(
            k => BitConverter.ToSingle(data.Span[(33 + 4 * k)..])));
        Assert.Equal((222, 111), (BitConverter.ToInt32(data.Span[64..]), BitConverter.ToInt32(data.Span[68..])));
        Assert.Equal((0xff, 0), (data.Span[80], data.Span[81]));
    }

    [Fact]
    public void ALoadStaysAboveTheStoreThatFollowsIt()
    {
        IrBuilder b = new();
        Value data = b.Pointer();
        Value old = b.LoadAt(data, b.X, MemoryType.I32);
        b.StoreAt(data, b.X, MemoryType.I32, Constant.Int(-1));
        b.StoreAt(data, b.Add(b.X, Constant.Int(8)), MemoryType.I32, b.Add(old, Constant.Int(100)));
        using CpuKernel kernel = b.Compile();
        using NativeArray<int> result = new(16);
        for (int k = 0; k < 8; k++)
            result.Span[k] = k;
        kernel.Launch(new LaunchDimensions(1, 8), [result.Slot], 0);
        Assert.Equal([.. Enumerable.Repeat(-1, 8), .. Enumerable.Range(100, 8)], result.Span.ToArray());
    }

    [Fact]
    public void LocalMemoryIsTheThreadsOwnAcrossBarriers()
    {
        IrBuilder b = new();
        Value output = b.Pointer();
        Value small = b.Alloca(AddressSpace.Local, 20, 4), large = b.Alloca(AddressSpace.Local, 256, 16);
        b.Loop(Constant.Int(5), [], (i, _) =>
        {
            b.StoreAt(small, i, MemoryType.I32, b.Add(b.Mul(b.X, Constant.Int(10)), i));
            b.StoreAt(large, i, MemoryType.I64, Constant.Long(7));
            return [];
        });
        b.Barrier();
        Value[] sum = b.Loop(Constant.Int(5), [Constant.Int(0)], (i, carried) =>
        {
            Value seven = b.Op(Opcode.Truncate64, IrType.I32, b.LoadAt(large, i, MemoryType.I64));
            return [b.Add(carried[0], b.Mul(seven, b.LoadAt(small, i, MemoryType.I32)))];
        });
        b.StoreAt(output, b.X, MemoryType.I32, sum[0]);
        using CpuKernel kernel = b.Compile(isChecked: true);
        using NativeArray<int> result = new(70);
        kernel.Launch(new LaunchDimensions(1, 70), [result.Slot], 0);
        for (int k = 0; k < 70; k++)
            Assert.Equal(7 * (50 * k + 10), result.Span[k]);
    }

    [Fact]
    public void ConstantDataIsReadAtAnyIndex()
    {
        IrBuilder b = new();
        Value output = b.Pointer();
        Value table = b.Build(Opcode.ConstantData, IrType.Pointer(AddressSpace.Constant), (byte[])[3, 1, 4, 1, 5, 9,
            2, 6]);
        b.StoreAt(output, b.X, MemoryType.I32, b.LoadAt(table, b.X, MemoryType.U8));
        using CpuKernel kernel = b.Compile();
        using NativeArray<int> result = new(8);
        kernel.Launch(new LaunchDimensions(1, 8), [result.Slot], 0);
        Assert.Equal([3, 1, 4, 1, 5, 9, 2, 6], result.Span.ToArray());
    }

    [Fact]
    public void BoolParametersAndPointersThroughMemory()
    {
        IrBuilder b = new();
        Value output = b.Pointer(), flag = b.Parameter(MemoryType.U8, IrType.Bool), pointers = b.Pointer();
        Value there = b.LoadAt(pointers, Constant.Int(1), MemoryType.Pointer);
        Value isNull = b.Compare(Predicate.Equal, b.LoadAt(pointers, Constant.Int(0), MemoryType.Pointer),
            Constant.Zero(IrType.Pointer(AddressSpace.Generic)));
        Value number = b.Op(Opcode.Select, IrType.I32, flag, Constant.Int(40), Constant.Int(50));
        b.StoreAt(there, b.X, MemoryType.I32, b.Add(number, b.Op(Opcode.ZeroExtend, IrType.I32, isNull)));
        using CpuKernel kernel = b.Compile();
        using NativeArray<int> result = new(2);
        using NativeArray<ulong> addresses = new(2);
        addresses.Span[1] = result.Slot;
        kernel.Launch(new LaunchDimensions(1, 1), [0, 1, addresses.Slot], 0);
        Assert.Equal(41, result.Span[0]);
        kernel.Launch(new LaunchDimensions(1, 1), [0, 0, addresses.Slot], 0);
        Assert.Equal(51, result.Span[0]);
    }

    [Fact]
    public void LongStraightCodeIsCutInSeveralMethods()
    {
        IrBuilder b = new();
        Value input = b.Pointer(), output = b.Pointer();
        Value even = b.LoadAt(input, b.X, MemoryType.I32), odd = Constant.Int(1);
        int expectedEven = 5, expectedOdd = 1;
        for (int k = 0; k < 4000; k++)
        {
            (even, odd) = (odd, b.Op(Opcode.Xor, IrType.I32, b.Mul(even, Constant.Int(2 * k + 1)), odd));
            (expectedEven, expectedOdd) = (expectedOdd, unchecked(expectedEven * (2 * k + 1)) ^ expectedOdd);
        }
        b.StoreAt(output, b.X, MemoryType.I32, odd);
        using CpuKernel kernel = b.Compile();
        Assert.True(kernel.Plan.Flow.Suspensions.Count >= 2);
        using NativeArray<int> data = new(40), result = new(40);
        data.Span.Fill(5);
        kernel.Launch(new LaunchDimensions(1, 40), [data.Slot, result.Slot], 0);
        Assert.Equal(Enumerable.Repeat(expectedOdd, 40), result.Span.ToArray());
    }

    [Fact]
    public void LaunchesThatCannotBeAreRefused()
    {
        IrBuilder b = new("scale");
        b.Pointer();
        using CpuKernel kernel = b.Compile();
        Assert.Contains("a group has 1 to 1024 threads", Assert.Throws<ArgumentException>(
            () => kernel.Launch(new LaunchDimensions(1, 1025), [0], 0)).Message);
        Assert.Contains("scale: 0 argument slots were given, the kernel has 1.",
            Assert.Throws<ArgumentException>(() => kernel.Launch(new LaunchDimensions(1, 1), [], 0)).Message);
        Assert.Throws<ArgumentException>(() => kernel.Launch(new LaunchDimensions(-1, 1), [0], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => kernel.Launch(new LaunchDimensions(1, 1), [0], -1));
        kernel.Launch(new LaunchDimensions(0, 1), [0], 0);
    }

    [Fact]
    public void InlinePtxIsRefusedWithItsPlace()
    {
        IrBuilder b = new("wgmma")
        {
            Location =
            new SourceLocation(typeof(ControlFlowTests).GetMethod(nameof(InlinePtxIsRefusedWithItsPlace)), 0)
        };
        b.Build(Opcode.Asm, IrType.Tuple, new AsmInfo("bar.sync 1;", []));
        string message = Assert.Throws<NotSupportedException>(() => b.Compile()).Message;
        Assert.StartsWith("wgmma: inline PTX cannot run on the CPU accelerator: ControlFlowTests."
            + "InlinePtxIsRefusedWithItsPlace, ControlFlowTests.cs:", message);
    }
}
