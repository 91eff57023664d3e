using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Ilgpu.Runtime.Cpu;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Races;

/// <summary>Races with asynchronous copies and multiplications, whenever those are performed.</summary>
public partial class RaceTests
{
    const int Columns = 32, Rows = 8, BoxBytes = Columns * Rows * sizeof(float), Shared = 16 * 1024;

    readonly record struct Float4(float X, float Y, float Z, float W);

    delegate void Body(TensorMap map, ArrayView<float> result);

    [Fact]
    public void ALoadReadBeforeItsWait() => Races(ReadsTheBoxEarly,
        "a load of a box writes it: RaceTests.Load", "reads byte", "RaceTests.GetFloat", "Mbarrier.Wait");

    static void ReadsTheBoxEarly(TensorMap map, ArrayView<float> result)
    {
        ref Mbarrier full = ref Prepared(1);
        ArrayView<float> box = SharedMemory.GetDynamic<float>();
        if (Group.IdxX == 0)
            Load(map, ref box[0], ref full);
        Group.Barrier();
        result[Group.IdxX] = GetFloat(box, Group.IdxX);
        Mbarrier.Wait(ref full, 0);
    }

    [Fact]
    public void ABufferLoadedWhileItIsRead() => Races(NoArrivalOfTheSecondWarp, "a load of a box writes byte", "RaceTests.Load",
        "reads it: RaceTests.GetFloat", "that the other thread comes to after its access");

    static void NoArrivalOfTheSecondWarp(TensorMap map, ArrayView<float> result) => Pipeline(map, result, true);

    [Fact]
    public void ABufferLoadedWhenAllHaveReadIt() => IsClean(AllArrive);

    static void AllArrive(TensorMap map, ArrayView<float> result) => Pipeline(map, result, false);

    /// <summary>Warp 0 loads three boxes into one buffer; warps 1 and 2 read each.</summary>
    static void Pipeline(TensorMap map, ArrayView<float> result, bool skipsOne)
    {
        ref Mbarrier full = ref Prepared(1), empty = ref SharedMemory.Allocate<Mbarrier>(1)[0];
        if (Group.IdxX == 0)
            Mbarrier.Initialize(ref empty, skipsOne ? 32 : 64);
        Group.Barrier();
        ArrayView<float> box = SharedMemory.GetDynamic<float>();
        for (int round = 0; round < 3; round++)
        {
            if (Group.IdxX == 0)
            {
                if (round > 0)
                    Mbarrier.Wait(ref empty, round - 1 & 1);
                Load(map, ref box[0], ref full);
            }
            else if (Group.IdxX / 32 is 1 or 2)
            {
                Mbarrier.Wait(ref full, round & 1);
                result[Group.IdxX] = GetFloat(box, Group.IdxX);
                if (!skipsOne || Group.IdxX / 32 == 1)
                    Mbarrier.Arrive(ref empty);
            }
        }
    }

    [Fact]
    public void ABarrierThatOthersUseTooEarly() => Races(NoBarrierAfterInitialisation,
        "changes atomically", "RaceTests.NoBarrierAfterInitialisation",
        "writes it", "Group.Barrier");

    static void NoBarrierAfterInitialisation(TensorMap map, ArrayView<float> result)
    {
        ref Mbarrier barrier = ref SharedMemory.Allocate<Mbarrier>(1)[0];
        if (Group.IdxX == 0)
            Mbarrier.Initialize(ref barrier, Threads);
        Mbarrier.Arrive(ref barrier);
        Mbarrier.Wait(ref barrier, 0);
    }

    [Fact]
    public void AStoreWithoutItsWait() => Races(WritesWhileStoring, "writes byte", "RaceTests.PutFloat",
        "a store of a box by thread (0, 0, 0) reads it: RaceTests.Store", "Tma.WaitRead");

    static void WritesWhileStoring(TensorMap map, ArrayView<float> result) => StoreTwice(map, 1, true);

    [Fact]
    public void AStoreThatOnlyItsThreadWaitsFor() => Races(WritesWithoutABarrier, "writes byte", "RaceTests.PutFloat",
        "a store of a box by thread (0, 0, 0) reads it", "then a barrier for the others");

    static void WritesWithoutABarrier(TensorMap map, ArrayView<float> result) => StoreTwice(map, 0, false);

    [Fact]
    public void AStoreThatIsWaitedFor() => IsClean(WritesAfterTheWait);

    static void WritesAfterTheWait(TensorMap map, ArrayView<float> result) => StoreTwice(map, 0, true);

    static void StoreTwice(TensorMap map, int pending, bool barrier)
    {
        ArrayView<float> box = SharedMemory.GetDynamic<float>();
        for (int round = 0; round < 2; round++)
        {
            for (int k = Group.IdxX; k < Columns * Rows; k += Group.DimX)
                PutFloat(box, k, round);
            Tma.Fence();
            Group.Barrier();
            if (Group.IdxX == 0)
            {
                Store(map, ref box[0]);
                if (pending == 0)
                    Tma.WaitRead(0);
            }
            if (barrier)
                Group.Barrier();
        }
        Tma.WaitRead(0);
    }

    [Fact]
    public void ACopyThatOnlyItsOwnerWaitsFor() => Races(NoBarrierAfterTheCopy, "reads byte", "RaceTests.GetFloat",
        "an asynchronous copy of thread", "AsyncCopy.Wait by the thread that copies, then a barrier");

    static void NoBarrierAfterTheCopy(TensorMap map, ArrayView<float> result) => CopyAndRead(result, 0, false, 4);

    [Fact]
    public void ACopyReadByItsOwner() => IsClean(ReadsItsOwnCopy);

    static void ReadsItsOwnCopy(TensorMap map, ArrayView<float> result) => CopyAndRead(result, 0, false, 0);

    [Fact]
    public void ACopyNotWaitedFor() => Races(ReadsItsOwnCopyEarly,
        "reads byte", "RaceTests.GetFloat", "an asynchronous copy of thread", "AsyncCopy.Wait");

    static void ReadsItsOwnCopyEarly(TensorMap map, ArrayView<float> result) => CopyAndRead(result, 1, false, 0);

    [Fact]
    public void ACopyBehindABarrier() => IsClean(ABarrierAfterTheCopy);

    static void ABarrierAfterTheCopy(TensorMap map, ArrayView<float> result) => CopyAndRead(result, 0, true, 4);

    [Fact]
    public void ABarrierDoesNotWaitForACopy() => Races(ABarrierBeforeTheWait,
        "reads byte", "RaceTests.GetFloat", "an asynchronous copy of thread", "AsyncCopy.Wait");

    static void ABarrierBeforeTheWait(TensorMap map, ArrayView<float> result) => CopyAndRead(result, 1, true, 4);

    static void CopyAndRead(ArrayView<float> result, int pending, bool barrier, int distance)
    {
        ArrayView<float> shared = SharedMemory.GetDynamic<float>();
        AsyncCopy.Copy(ref shared.Cast<Float4>()[Group.IdxX], ref result.Cast<Float4>()[0], 16);
        AsyncCopy.Commit();
        if (pending == 0)
            AsyncCopy.Wait(0);
        if (barrier)
            Group.Barrier();
        float read = GetFloat(shared, (4 * Group.IdxX + distance) % (4 * Threads));
        AsyncCopy.Wait(0);
        if (read < -1)
            result[Group.IdxX] = read;
    }

    [Fact]
    public void OperandsOverwrittenBeforeTheWait() => Races(OverwritesOperands,
        "RaceTests.PutFloat", "a multiplication of a warpgroup", "Wgmma.Wait");

    static void OverwritesOperands(TensorMap map, ArrayView<float> result) => MultiplyAndWrite(1, true);

    [Fact]
    public void OperandsOverwrittenAfterTheWait() => IsClean(OverwritesOperandsAfterTheWait);

    static void OverwritesOperandsAfterTheWait(TensorMap map, ArrayView<float> result) => MultiplyAndWrite(0, true);

    [Fact]
    public void OperandsWithoutABarrier() => Races(NoBarrierBeforeMultiplying, "a multiplication of a warpgroup reads byte", "RaceTests",
        "writes it: RaceTests.PutFloat", "Before it is issued");

    static void NoBarrierBeforeMultiplying(TensorMap map, ArrayView<float> result) => MultiplyAndWrite(0, false);

    static void MultiplyAndWrite(int pending, bool barrier)
    {
        ArrayView<float> shared = SharedMemory.GetDynamic<float>(), sums = LocalMemory.Allocate<float>(4);
        for (int k = Group.IdxX; k < Shared / sizeof(float); k += Group.DimX)
            PutFloat(shared, k, 0);
        Tma.Fence();
        if (barrier)
            Group.Barrier();
        for (int k = 0; k < 4; k++)
            sums[k] = 0;
        SharedMatrix matrix = SharedMatrix.Of(ref SharedMemory.GetDynamic<byte>()[0], 16, 1024, SharedSwizzle.Bytes128);
        Wgmma.Fence();
        Wgmma.MultiplyAdd(sums, matrix, matrix, 0);
        Wgmma.Commit();
        if (pending == 0)
            Wgmma.Wait(0);
        PutFloat(shared, Group.IdxX, sums[0]);
        Wgmma.Wait(0);
    }

    [Fact]
    public void AMultiplicationHasTakenWhatItsWarpRead() => IsClean(OneLaneWritesForItsWarp);

    static void OneLaneWritesForItsWarp(TensorMap map, ArrayView<float> result) => ReadAndMultiply(32);

    [Fact]
    public void AMultiplicationSaysNothingOfOtherWarps() => Races(OneThreadWritesForItsWarpgroup, "writes byte", "RaceTests.PutFloat",
        "reads it: RaceTests.GetFloat", "Group.Barrier");

    static void OneThreadWritesForItsWarpgroup(TensorMap map, ArrayView<float> result) => ReadAndMultiply(128);

    /// <summary>Lanes read, multiply what they read, wait; then one of so many threads writes what they have read.</summary>
    static void ReadAndMultiply(int threads)
    {
        ArrayView<float> shared = SharedMemory.GetDynamic<float>(), sums = LocalMemory.Allocate<float>(4);
        ArrayView<uint> words = LocalMemory.Allocate<uint>(4);
        for (int k = Group.IdxX; k < Shared / sizeof(float); k += Group.DimX)
            PutFloat(shared, k, 0);
        Tma.Fence();
        Group.Barrier();
        for (int k = 0; k < 4; k++)
        {
            sums[k] = 0;
            words[k] = Interop.FloatAsInt(GetFloat(shared, Shared / sizeof(float) / 2 + Group.IdxX));
        }
        SharedMatrix matrix = SharedMatrix.Of(ref SharedMemory.GetDynamic<byte>()[0], 16, 1024, SharedSwizzle.Bytes128);
        Wgmma.Fence();
        Wgmma.MultiplyAddRegisters(sums, words, matrix, 0);
        Wgmma.Commit();
        Wgmma.Wait(0);
        if (Group.IdxX % threads == 0)
            for (int k = 0; k < threads; k++)
                PutFloat(shared, Shared / sizeof(float) / 2 + Group.IdxX + k, sums[0]);
    }

    [Fact]
    public void NamedBarriersOrderThoseWhoCome() => IsClean(ThroughANamedBarrier);

    static void ThroughANamedBarrier(TensorMap map, ArrayView<float> result) => ThroughNamed(result, 0);

    [Fact]
    public void AnArrivalWaitsForNobody() => Races(ReadsAfterAnArrival,
        "reads byte", "RaceTests.GetFloat", "writes it: RaceTests.PutFloat", "Group.Barrier");

    static void ReadsAfterAnArrival(TensorMap map, ArrayView<float> result) => ThroughNamed(result, 1);

    /// <summary>Warp 0 writes and arrives at a barrier where warp 1 waits, or only arrives too.</summary>
    static void ThroughNamed(ArrayView<float> result, int reader)
    {
        ArrayView<float> shared = SharedMemory.GetDynamic<float>();
        int warp = Group.IdxX / 32;
        if (warp == 0)
        {
            PutFloat(shared, Group.IdxX, 1);
            NamedBarrier.Arrive(1, 64);
        }
        else if (warp == 1)
        {
            if (reader == 0)
                NamedBarrier.Sync(1, 64);
            else
                NamedBarrier.Arrive(1, 64);
            result[Group.IdxX] = GetFloat(shared, Group.IdxX % 32);
        }
    }

    static void Load(TensorMap map, ref float target, ref Mbarrier full)
    {
        Mbarrier.ArriveExpect(ref full, BoxBytes);
        Tma.Load(ref target, map, ref full, 0, 0);
    }

    static void Store(TensorMap map, ref float source)
    {
        Tma.Store(map, ref source, 0, 0);
        Tma.Commit();
    }

    static void PutFloat(ArrayView<float> shared, int index, float value) => shared[index] = value;

    static float GetFloat(ArrayView<float> shared, int index) => shared[index];

    static ref Mbarrier Prepared(int arrivals)
    {
        ref Mbarrier barrier = ref SharedMemory.Allocate<Mbarrier>(1)[0];
        if (Group.IdxX == 0)
        {
            Mbarrier.Initialize(ref barrier, arrivals);
            Mbarrier.FenceInitialization();
        }
        Group.Barrier();
        return ref barrier;
    }

    static void Races(Body kernel, params string[] parts)
    {
        foreach (AsynchronousTiming timing in Enum.GetValues<AsynchronousTiming>())
        {
            string message = Assert.Throws<KernelException>(() => Launch(kernel, timing)).Message;
            Assert.All(parts, part => Assert.Contains(part, message));
            Assert.Matches(@"RaceTests\.Units\.cs:\d", message);
        }
    }

    static void IsClean(Body kernel)
    {
        foreach (AsynchronousTiming timing in Enum.GetValues<AsynchronousTiming>())
            Launch(kernel, timing);
    }

    static void Launch(Body kernel, AsynchronousTiming timing)
    {
        using Context context = Context.Create(builder => builder.CPU().Asynchronous(timing).DetectRaces());
        using Accelerator accelerator = context.CreateCPUAccelerator(0);
        using var tensor = accelerator.Allocate1D(new float[Columns * Rows]);
        using var result = accelerator.Allocate1D<float>(Threads);
        result.MemSetToZero();
        TensorMap map = TensorMap.Create<float>(
            accelerator, tensor.View, [Columns, Rows], [Columns], [Columns, Rows], SharedSwizzle.Bytes128);
        accelerator.LoadStreamKernel(kernel.Method.CreateDelegate<Action<TensorMap, ArrayView<float>>>())(
            new KernelConfig(1, Threads, SharedMemoryConfig.RequestDynamic<byte>(Shared)), map, result.View);
    }
}
