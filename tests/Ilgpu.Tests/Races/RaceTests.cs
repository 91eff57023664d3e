using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Ilgpu.Runtime.Cpu;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Races;

/// <summary>Races of threads in shared memory are found, with both lines; what is ordered is not called a race.</summary>
public partial class RaceTests
{
    const int Threads = 128;

    [Fact]
    public void AMissingGroupBarrier() => Races(NoGroupBarrier,
        "writes", "Put", "reads", "Get", "Group.Barrier, a named barrier or an mbarrier");

    static void NoGroupBarrier(ArrayView<int> result) => Exchange(result, Threads - 1 - Group.IdxX);

    static void Exchange(ArrayView<int> result, int other)
    {
        ArrayView<int> shared = SharedMemory.Allocate<int>(Threads);
        Put(shared, Group.IdxX, Group.IdxX);
        result[Group.IdxX] = Get(shared, other);
    }

    [Fact]
    public void AGroupBarrier() => IsClean(WithGroupBarrier);

    static void WithGroupBarrier(ArrayView<int> result)
    {
        ArrayView<int> shared = SharedMemory.Allocate<int>(Threads);
        for (int round = 0; round < 3; round++)
        {
            Put(shared, Group.IdxX, round);
            Group.Barrier();
            result[Group.IdxX] = Get(shared, Threads - 1 - Group.IdxX);
            Group.Barrier();
        }
    }

    [Fact]
    public void ReducingBarriersOrder() => IsClean(WithReducingBarriers);

    static void WithReducingBarriers(ArrayView<int> result)
    {
        ArrayView<int> shared = SharedMemory.Allocate<int>(Threads);
        Put(shared, Group.IdxX, 1);
        int all = Group.BarrierAnd(true) ? 1 : 0;
        result[Group.IdxX] = Get(shared, Threads - 1 - Group.IdxX) + all;
        all = Group.BarrierPopCount(true);
        Put(shared, Group.IdxX, all);
    }

    [Fact]
    public void ALoopWithOneBarrierOfTwo() => Races(OneBarrierOfTwo, "reads", "Get", "writes", "Put", "Group.Barrier");

    static void OneBarrierOfTwo(ArrayView<int> result)
    {
        ArrayView<int> shared = SharedMemory.Allocate<int>(Threads);
        for (int round = 0; round < 3; round++)
        {
            Put(shared, Group.IdxX, round);
            Group.Barrier();
            result[Group.IdxX] = Get(shared, Threads - 1 - Group.IdxX);
        }
    }

    [Fact]
    public void AMissingWarpBarrier() => Races(NoWarpBarrier, "writes", "Put", "reads", "Get", "Warp.Barrier");

    static void NoWarpBarrier(ArrayView<int> result)
    {
        ArrayView<int> shared = SharedMemory.Allocate<int>(Threads);
        Put(shared, Group.IdxX, Group.IdxX);
        // A shuffle synchronises the lanes; it does not order their memory.
        int lane = Warp.ShuffleXor(Group.IdxX, 1);
        result[Group.IdxX] = Get(shared, lane);
    }

    [Fact]
    public void AWarpBarrier() => IsClean(WithWarpBarrier);

    static void WithWarpBarrier(ArrayView<int> result)
    {
        ArrayView<int> shared = SharedMemory.Allocate<int>(Threads);
        Put(shared, Group.IdxX, Group.IdxX);
        Warp.Barrier();
        result[Group.IdxX] = Get(shared, Group.IdxX ^ 31);
        Warp.Barrier();
        Put(shared, Group.IdxX ^ 1, 0);
    }

    [Fact]
    public void AWarpBarrierBetweenWarps() => Races(WarpBarrierOnly, "writes", "Put", "reads", "Get", "Group.Barrier");

    static void WarpBarrierOnly(ArrayView<int> result)
    {
        ArrayView<int> shared = SharedMemory.Allocate<int>(Threads);
        Put(shared, Group.IdxX, Group.IdxX);
        Warp.Barrier();
        result[Group.IdxX] = Get(shared, Group.IdxX ^ 32);
    }

    [Fact]
    public void TwoWriters() => Races(WritesOneByte, "writes", "PutByte", "writes", "PutByte", "Warp.Barrier");

    static void WritesOneByte(ArrayView<int> result)
    {
        ArrayView<byte> shared = SharedMemory.Allocate<byte>(Threads);
        PutByte(shared, Group.IdxX / 2);
    }

    [Fact]
    public void NeighboursInAWord() => IsClean(WritesNeighbours);

    static void WritesNeighbours(ArrayView<int> result)
    {
        ArrayView<byte> shared = SharedMemory.Allocate<byte>(Threads);
        ArrayView<int> words = shared.Cast<int>();
        if (Group.IdxX < Threads / 4)
            Put(words, Group.IdxX, 0);
        Group.Barrier();
        PutByte(shared, Group.IdxX);
        Group.Barrier();
        result[Group.IdxX] = words[Group.IdxX / 4];
    }

    [Fact]
    public void AWordOverAByte() => Races(ReadsAWord, "writes", "PutByte", "reads", "Get", "Warp.Barrier");

    static void ReadsAWord(ArrayView<int> result)
    {
        ArrayView<byte> shared = SharedMemory.Allocate<byte>(4 * Threads);
        PutByte(shared, 4 * Group.IdxX + 5 & 4 * Threads - 1);
        result[Group.IdxX] = Get(shared.Cast<int>(), Group.IdxX);
    }

    [Fact]
    public void Atomics() => IsClean(AddsAtomically);

    static void AddsAtomically(ArrayView<int> result)
    {
        ArrayView<int> shared = SharedMemory.Allocate<int>(1);
        if (Group.IdxX == 0)
            Put(shared, 0, 0);
        Group.Barrier();
        Add(shared);
        Group.Barrier();
        result[Group.IdxX] = Get(shared, 0);
    }

    [Fact]
    public void AnAtomicAndARead() => Races(AddsAndReads, "changes atomically", "Add", "reads", "Get", "Make both atomic");

    static void AddsAndReads(ArrayView<int> result)
    {
        ArrayView<int> shared = SharedMemory.Allocate<int>(1);
        if (Group.IdxX == 0)
            Put(shared, 0, 0);
        Group.Barrier();
        Add(shared);
        result[Group.IdxX] = Get(shared, 0);
    }

    [Fact]
    public void AVectorOverAnElement() => Races(ReadsAVector, "writes", "Put", "reads", "GetFour", "Group.Barrier");

    static void ReadsAVector(ArrayView<int> result)
    {
        ArrayView<int> shared = SharedMemory.Allocate<int>(Threads);
        Put(shared, Group.IdxX, 1);
        result[Group.IdxX] = GetFour(shared.Cast<Long2>(), (Group.IdxX / 32 * 8 + 8) % 32);
    }

    [Fact]
    public void EveryPairIsNamedWithItsCount()
    {
        string message = Failure(TwoRaces);
        Assert.Contains("2 pairs of accesses race", message);
        Assert.Contains("Seen 1 time.", message);
        Assert.Contains("Seen 127 times.", message);
        Assert.Contains("of the dynamic part", message);
        Assert.Matches(@"byte 0 of what is allocated in RaceTests.TwoRaces, RaceTests\.cs:\d", message);
    }

    static void TwoRaces(ArrayView<int> result)
    {
        ArrayView<int> shared = SharedMemory.Allocate<int>(1), dynamic = SharedMemory.GetDynamic<int>();
        Put(shared, 0, Group.IdxX);
        if (Group.IdxX == 5)
            dynamic[0] = 1;
        if (Group.IdxX == 90)
            result[0] = dynamic[0];
    }

    /// <summary>Nothing is looked for unless asked for.</summary>
    [Fact]
    public void WithoutTheOptionNothingIsSaid() => Launch(NoGroupBarrier, false);

    static void Put(ArrayView<int> shared, int index, int value) => shared[index] = value;

    static int Get(ArrayView<int> shared, int index) => shared[index];

    static void PutByte(ArrayView<byte> shared, int index) => shared[index] = 1;

    static int GetFour(ArrayView<Long2> shared, int index)
    {
        Long2 vector = shared[index];
        return (int)(vector.X + vector.Y);
    }

    static void Add(ArrayView<int> shared) => Atomic.Add(ref shared[0], 1);

    readonly record struct Long2(long X, long Y);

    /// <summary>The pair is found: kinds and methods of the earlier and the later access, and the advice.</summary>
    static void Races(Action<ArrayView<int>> kernel, string kind, string method, string laterKind, string laterMethod, string advice)
    {
        string message = Failure(kernel);
        Assert.Matches($@"{laterKind} byte \d+ of shared memory \(.*\): RaceTests\.{laterMethod}, RaceTests[a-zA-Z.]*\.cs:\d+; "
            + $@".* {kind} it: RaceTests\.{method}, RaceTests[a-zA-Z.]*\.cs:\d+; nothing orders the two", message);
        Assert.Contains(advice, message);
    }

    static string Failure(Action<ArrayView<int>> kernel) => Assert.Throws<KernelException>(() => Launch(kernel, true)).Message;

    static void IsClean(Action<ArrayView<int>> kernel) => Launch(kernel, true);

    static void Launch(Action<ArrayView<int>> kernel, bool detect)
    {
        using Context context = Context.Create(builder => _ = detect ? builder.CPU().Assertions().DetectRaces() : builder.CPU());
        using Accelerator accelerator = context.CreateCPUAccelerator(0);
        using var result = accelerator.Allocate1D<int>(Threads);
        accelerator.LoadStreamKernel(kernel)(new KernelConfig(1, Threads, SharedMemoryConfig.RequestDynamic<int>(Threads)), result.View);
    }
}
