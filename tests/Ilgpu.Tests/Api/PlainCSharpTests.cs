using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Api;

/// <summary>The API as plain C#, as kernels use it when a test calls them as their own oracle.</summary>
public class PlainCSharpTests
{
    [Fact]
    public void EveryHalfIsTheHalfOfTheFramework()
    {
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            ILGPU.Half ours = Interop.IntAsFloat((ushort)bits);
            System.Half theirs = BitConverter.UInt16BitsToHalf((ushort)bits);
            Assert.Equal(BitConverter.SingleToInt32Bits((float)theirs), BitConverter.SingleToInt32Bits(ours));
            Assert.Equal(System.Half.IsNaN(theirs), ILGPU.Half.IsNaN(ours));
            Assert.Equal(System.Half.IsFinite(theirs), ILGPU.Half.IsFinite(ours));
            Assert.Equal(System.Half.IsInfinity(theirs), ILGPU.Half.IsInfinity(ours));
            if (!System.Half.IsNaN(theirs))
                Assert.Equal(bits, Interop.FloatAsInt((ILGPU.Half)(float)theirs));
        }
    }

    [Fact]
    public void HalfArithmeticRoundsLikeTheFramework()
    {
        var random = new Random(20240217);
        for (int trial = 0; trial < 20_000; trial++)
        {
            ushort first = (ushort)random.Next(1 << 16), second = (ushort)random.Next(1 << 16);
            ILGPU.Half a = Interop.IntAsFloat(first), b = Interop.IntAsFloat(second);
            System.Half x = BitConverter.UInt16BitsToHalf(first), y = BitConverter.UInt16BitsToHalf(second);
            AssertSame(x + y, a + b);
            AssertSame(x - y, a - b);
            AssertSame(x * y, a * b);
            AssertSame(x / y, a / b);
            Assert.Equal(x < y, a < b);
            Assert.Equal(x >= y, a >= b);
            Assert.Equal(x == y, a == b);
        }
    }

    [Fact]
    public void IntegersBecomeHalvesAsInTheFramework()
    {
        foreach (int value in new[] { 0, 1, -1, 2049, -2051, 65504, 65519, 65520, int.MaxValue, int.MinValue, 33_333 })
            AssertSame((System.Half)value, (ILGPU.Half)value);
    }

    [Fact]
    public void ViewsCheckTheirBounds()
    {
        ArrayView<int> view = LocalMemory.Allocate<int>(5);
        Assert.All(Enumerable.Range(0, 5), index => Assert.Equal(0, view[index]));
        view[4] = 9;
        Assert.Equal(9, view.SubView(3, 2)[1]);
        Assert.Throws<IndexOutOfRangeException>(() => view[5]);
        Assert.Throws<IndexOutOfRangeException>(() => view[-1]);
        Assert.Throws<IndexOutOfRangeException>(() => view.SubView(3, 2)[2L]);
        Assert.Throws<ArgumentOutOfRangeException>(() => view.SubView(3, 3));
        Assert.Throws<IndexOutOfRangeException>(() => ArrayView<int>.Empty[0]);
    }

    [Fact]
    public void ViewsAreSeenAsOtherElements()
    {
        ArrayView<uint> words = LocalMemory.Allocate<uint>(5);
        words[1] = 0x04030201;
        ArrayView<byte> bytes = words.Cast<byte>();
        Assert.Equal(20, bytes.Length);
        Assert.Equal(3, bytes[6]);
        Assert.Equal(2, words.Cast<ulong>().Length);
        Assert.Equal(0x04030201_00000000ul, words.Cast<ulong>()[0]);
        Assert.Throws<InvalidOperationException>(() => words.SubView(1).Cast<ulong>());
    }

    [Fact]
    public void AtomicsReturnWhatTheyFound()
    {
        int integer = 5;
        Assert.Equal(5, Atomic.Add(ref integer, 3));
        Assert.Equal(8, Atomic.Max(ref integer, 20));
        Assert.Equal(20, Atomic.Min(ref integer, 12));
        Assert.Equal(12, Atomic.And(ref integer, 6));
        Assert.Equal(4, Atomic.Or(ref integer, 3));
        Assert.Equal(7, Atomic.Xor(ref integer, 1));
        Assert.Equal(6, Atomic.Exchange(ref integer, 40));
        Assert.Equal(40, Atomic.CompareExchange(ref integer, 40, 41));
        Assert.Equal(41, integer);

        float real = -0f;
        Assert.Equal(0f, Atomic.Add(ref real, 1.5f));
        Assert.Equal(1.5f, Atomic.Max(ref real, float.PositiveInfinity));
        Assert.Equal(float.PositiveInfinity, real);
    }

    [Fact]
    public void AtomicsLoseNothingBetweenThreads()
    {
        double sum = 0;
        uint bits = 0;
        Parallel.For(0, 4, _ =>
        {
            for (int round = 0; round < 5_000; round++)
            {
                Atomic.Add(ref sum, 1.0);
                Atomic.Xor(ref bits, 1u);
            }
        });
        Assert.Equal(20_000, sum);
        Assert.Equal(0u, bits);
    }

    [Fact]
    public void WhatOnlyKernelsHaveSaysSo()
    {
        Assert.Contains("Grid.IdxX", Assert.Throws<InvalidOperationException>(() => Grid.IdxX).Message);
        Assert.Contains("Group.Barrier", Assert.Throws<InvalidOperationException>(Group.Barrier).Message);
        Assert.Throws<InvalidOperationException>(() => Warp.ShuffleXor(1f, 16));
        Assert.Throws<InvalidOperationException>(() => SharedMemory.Allocate<int>(4));
        Assert.False(CudaAsm.IsSupported);
        Assert.Throws<NotSupportedException>(() => CudaAsm.Emit("bar.sync 0;"));
        Assert.Equal(AcceleratorType.CPU, Accelerator.CurrentType);
    }

    [Fact]
    public void IndicesAndShapesCompute()
    {
        Assert.Equal(24, new Index3D(2, 3, 4).Size);
        Assert.Equal(1L << 40, new Index2D(1 << 20).LongSize);
        Assert.Equal(new Index2D(4, 6), new Index2D(1, 2) + (3, 4));
        Assert.True(new Index2D(1, 2).InBounds((2, 3)));
        Assert.False(new Index2D(2, 2).InBounds((2, 3)));
        Assert.Throws<OverflowException>(() => new LongIndex1D(1L << 31).ToIntIndex());
        KernelConfig config = (7, 64, SharedMemoryConfig.RequestDynamic<double>(5));
        Assert.Equal((448L, 40, true), (config.Size, config.SharedMemoryConfig.ArraySize, config.UsesDynamicSharedMemory));
        Assert.Equal(0.5f, XMath.Rsqrt(4f));
        Assert.Equal(8f, XMath.Exp2(3f));
    }

    [Fact]
    public void CopiesMoveWhatTheySay()
    {
        using Context context = Context.Create(builder => builder.CPU());
        using CPUAccelerator accelerator = context.CreateCPUAccelerator(0);
        using MemoryBuffer1D<short, Stride1D.Dense> source = accelerator.Allocate1D<short>([1, 2, 3, 4, 5]);
        using MemoryBuffer1D<short, Stride1D.Dense> target = accelerator.Allocate1D<short>(5);
        target.MemSetToZero();
        source.View.SubView(1, 3).CopyTo(target.View.SubView(2, 3));
        Assert.Equal([0, 0, 2, 3, 4], target.GetAsArray1D());
        target.View.CopyFromCPU(accelerator.DefaultStream, (ReadOnlySpan<short>)[9, 8, 7, 6, 5]);
        Assert.Equal([9, 8, 7, 6, 5], target.GetAsArray1D());
        target.MemSet(accelerator.DefaultStream, 1, 0, 4);
        Assert.Equal([0x0101, 0x0101, 7, 6, 5], target.View.BaseView.GetAsArray());
        ArgumentException exception = Assert.Throws<ArgumentException>(() => target.CopyFromCPU(new short[4]));
        Assert.Contains("5 elements and the data 4", exception.Message);
        accelerator.Dispose();
        Assert.True(source.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => accelerator.Allocate1D<int>(1));
    }

    static void AssertSame(System.Half expected, ILGPU.Half actual)
    {
        if (System.Half.IsNaN(expected))
            Assert.True(ILGPU.Half.IsNaN(actual));
        else
            Assert.Equal(BitConverter.HalfToUInt16Bits(expected), Interop.FloatAsInt(actual));
    }
}
