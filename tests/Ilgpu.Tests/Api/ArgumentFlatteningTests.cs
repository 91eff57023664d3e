using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using IlgpuDca.Ilgpu.Ir;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Api;

/// <summary>From launch arguments to slots.</summary>
public sealed class ArgumentFlatteningTests : IDisposable
{
    readonly Context _context = Context.Create(builder => builder.CPU());
    readonly CPUAccelerator _accelerator;
    readonly List<KernelRequest> _requests = [];
    readonly RecordingCode _code = new();

    public ArgumentFlatteningTests()
    {
        _accelerator = _context.CreateCPUAccelerator(0);
        _accelerator.Compiler = (_, request) =>
        {
            _requests.Add(request);
            return _code;
        };
    }

    enum Mode : byte
    {
        First = 3,
    }

    public void Dispose() => _context.Dispose();

    [Fact]
    public void ScalarsFillTheLowBytes()
    {
        _accelerator.LoadStreamKernel<bool, sbyte, Mode, ushort, uint, double, ILGPU.Half>(Scalars)(
            (1, 1), true, -1, Mode.First, 65535, 0xFFFF_FFFF, -0.5, (ILGPU.Half)1f);
        Assert.Equal(
            [1ul, 0xFF, 3, 0xFFFF, 0xFFFF_FFFF, BitConverter.DoubleToUInt64Bits(-0.5), 0x3C00], _code.Slots);
    }

    [Fact]
    public void StructsAreTakenApartInDeclarationOrder()
    {
        using MemoryBuffer1D<int, Stride1D.Dense> buffer = _accelerator.Allocate1D<int>(10);
        var argument = new Outer(7, new Inner(2.5f, 1ul << 40), buffer.View.SubView(3, 4), -1);
        _accelerator.LoadStreamKernel<Outer, byte>(Structs)((1, 1), argument, 9);
        Assert.Equal(
            [
                7ul, BitConverter.SingleToUInt32Bits(2.5f), 1ul << 40, (ulong)buffer.NativePtr + 12, 4, 0xFFFF, 9,
            ],
            _code.Slots);
    }

    [Fact]
    public void ViewsAreAPointerAndALength()
    {
        using MemoryBuffer1D<Inner, Stride1D.Dense> buffer = _accelerator.Allocate1D<Inner>(10);
        _accelerator.LoadStreamKernel<ArrayView<Inner>, ArrayView1D<Inner, Stride1D.Dense>, ArrayView<byte>>(Views)(
            (1, 1), buffer.View.BaseView.SubView(2), buffer.View.SubView(4, 5), ArrayView<byte>.Empty);
        ulong start = (ulong)buffer.NativePtr;
        Assert.Equal([start + 2 * 16, 8, start + 4 * 16, 5, 0, 0], _code.Slots);
    }

    [Fact]
    public void TheCompilerSeesTheSameLeaves()
    {
        Type[] types =
        [
            typeof(bool), typeof(Mode), typeof(ILGPU.Half), typeof(Inner), typeof(Outer), typeof(ArrayView<Inner>),
            typeof(ArrayView1D<float, Stride1D.Dense>), typeof(Index3D), typeof((int, (byte, long))), typeof(nint),
        ];
        foreach (Type type in types)
        {
            int[] sizes = [.. ArgumentLayout.Of(type).Select(leaf => leaf.Kind == LeafKind.Value ? leaf.Size : 8)];
            Assert.Equal(TypeLayout.Of(type).Leaves.Select(leaf => leaf.Type.Size()), sizes);
        }
    }

    [Fact]
    public void SpecializedValuesChooseTheVariantAndHaveNoSlot()
    {
        var launch = _accelerator.LoadStreamKernel<SpecializedValue<int>, int, SpecializedValue<double>>(Specialized);
        launch((1, 1), new(5), 1, new(0.5));
        launch((1, 1), new(6), 2, new(0.5));
        launch((1, 1), new(5), 3, new(0.5));
        Assert.Equal([3ul], _code.Slots);
        Assert.Equal(2, _requests.Count);
        Assert.Equal(5, _requests[0].SpecializedValues[0]);
        Assert.Equal(0.5, _requests[0].SpecializedValues[2]);
        Assert.Equal(6, _requests[1].SpecializedValues[0]);
    }

    [Fact]
    public void AKernelIsLoadedOnceAndCompiledAtItsFirstLaunch()
    {
        var first = _accelerator.LoadStreamKernel<int>(One);
        var second = _accelerator.LoadKernel<int>(One);
        Assert.Same(first.GetKernel(), second.GetKernel());
        Assert.Empty(_requests);
        first((1, 1), 1);
        second(_accelerator.DefaultStream, (1, 1), 1);
        Assert.Single(_requests);

        _accelerator.LoadStreamKernel<int>(One, new KernelSpecialization(64, null))((1, 1), 1);
        Assert.Equal(2, _requests.Count);
    }

    [Fact]
    public void AnExtentIsTheFirstSlotAndGroupsCoverIt()
    {
        var launch = _accelerator.LoadImplicitlyGroupedStreamKernel<Index1D, int>(Indexed, 32);
        launch(70, 5);
        Assert.Equal([70ul, 5], _code.Slots);
        Assert.Equal((new Index3D(3, 1, 1), new Index3D(32, 1, 1)), (_code.Config.GridDim, _code.Config.GroupDim));
        Assert.True(_requests[0].Source.IsImplicitlyGrouped);

        _code.Slots = [];
        launch(0, 5);
        Assert.Empty(_code.Slots);
    }

    [Fact]
    public void ALauncherCanBeMadeFromAKernel()
    {
        Kernel kernel = _accelerator.LoadKernel(((Action<int>)One).Method);
        Assert.Single(_requests);
        kernel.CreateLauncherDelegate<Action<AcceleratorStream, KernelConfig, int>>()(
            _accelerator.DefaultStream, (1, 1), 11);
        Assert.Equal([11ul], _code.Slots);
        ArgumentException exception =
            Assert.Throws<ArgumentException>(() => kernel.CreateLauncherDelegate<Action<AcceleratorStream, int>>());
        Assert.Contains("use Action<AcceleratorStream, KernelConfig, Int32>", exception.Message);
    }

    [Fact]
    public void ALaunchAllocatesNothing()
    {
        using MemoryBuffer1D<int, Stride1D.Dense> buffer = _accelerator.Allocate1D<int>(10);
        var code = new SilentCode();
        _accelerator.Compiler = (_, _) => code;
        var launch = _accelerator.LoadKernel<Outer, byte>(Structs);
        var argument = new Outer(7, new Inner(2.5f, 1), buffer.View, -1);
        KernelConfig config = (4, 64);
        AcceleratorStream stream = _accelerator.DefaultStream;
        launch(stream, config, argument, 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int repetition = 0; repetition < 1000; repetition++)
            launch(stream, config, argument, 1);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1001, code.Launches);
    }

    [Fact]
    public void ImpossibleLaunchesAreRefusedWithTheLimit()
    {
        var launch = _accelerator.LoadStreamKernel<int>(One, new KernelSpecialization(64, null));
        Assert.Contains("limit of 64", Refusal(() => launch((1, 65), 1)));
        Assert.Contains("larger than CPU allows", Refusal(() => launch((1, 2048), 1)));
        Assert.Contains("must be positive", Refusal(() => launch((0, 32), 1)));
        Assert.Contains(
            "dynamic shared memory", Refusal(() => launch((1, 32, SharedMemoryConfig.RequestDynamic<long>(99_999)), 1)));
    }

    [Fact]
    public void WhatKernelsCannotTakeIsRefused()
    {
        int captured = 3;
        Assert.Contains("captures", Refusal(() => _accelerator.LoadKernel<int>(_ => captured++)));
        Assert.Contains("System.String", Refusal(() => _accelerator.LoadKernel<KeyValuePair<int, string>>(_ => { })));
    }

    [Fact]
    public void ADisposedBufferIsRefused()
    {
        MemoryBuffer1D<byte, Stride1D.Dense> buffer = _accelerator.Allocate1D<byte>(4);
        ArrayView<byte> view = buffer.View;
        buffer.Dispose();
        var launch = _accelerator.LoadStreamKernel<ArrayView<byte>>(Bytes);
        Assert.Throws<ObjectDisposedException>(() => launch((1, 1), view));
    }

    static string Refusal(Action action) => Assert.ThrowsAny<Exception>(action).Message;

    static void Scalars(bool a, sbyte b, Mode c, ushort d, uint e, double f, ILGPU.Half g)
    {
    }

    static void Structs(Outer outer, byte last)
    {
    }

    static void Views(ArrayView<Inner> a, ArrayView1D<Inner, Stride1D.Dense> b, ArrayView<byte> c)
    {
    }

    static void Specialized(SpecializedValue<int> a, int b, SpecializedValue<double> c)
    {
    }

    static void One(int value)
    {
    }

    static void Indexed(Index1D index, int value)
    {
    }

    static void Bytes(ArrayView<byte> view)
    {
    }

    readonly record struct Inner(float Scale, ulong Bits);

    readonly record struct Outer(int Count, Inner Inner, ArrayView<int> View, short Last);

    sealed class RecordingCode : KernelCode
    {
        public ulong[] Slots { get; set; } = [];

        public KernelConfig Config { get; private set; }

        public override void Launch(AcceleratorStream stream, in KernelConfig config, Span<ulong> slots) =>
            (Slots, Config) = (slots.ToArray(), config);

        public override int MaxActiveGroups(int groupSize, int dynamicSharedBytes) => 1;

        public override int BestGroupSize(int dynamicSharedBytes, int maxGroupSize, out int minGridSize) =>
            minGridSize = 1;

        public override void Dispose()
        {
        }
    }

    sealed class SilentCode : KernelCode
    {
        public int Launches { get; private set; }

        public override void Launch(AcceleratorStream stream, in KernelConfig config, Span<ulong> slots) => Launches++;

        public override int MaxActiveGroups(int groupSize, int dynamicSharedBytes) => 1;

        public override int BestGroupSize(int dynamicSharedBytes, int maxGroupSize, out int minGridSize) =>
            minGridSize = 1;

        public override void Dispose()
        {
        }
    }
}
