using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Ilgpu.Runtime.Cpu;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Hopper;

/// <summary>What kernels do wrong with Hopper's units is told with the C# line, whenever copies and multiplications are performed.</summary>
public partial class HopperMisuseTests
{
    const int Columns = 32, Rows = 8, BoxBytes = Columns * Rows * sizeof(float), Shared = 16 * 1024;

    delegate void Body(TensorMap map, ArrayView<float> result);

    [Fact]
    public void MoreArrivalsThanExpected() => Fails(TwoArrivals, 32, "arrives at the mbarrier at byte ",
        "all of whose 1 arrivals have come while 64 bytes of the phase are missing");

    static void TwoArrivals(TensorMap map, ArrayView<float> result)
    {
        ref Mbarrier barrier = ref Prepared(1);
        if (Group.IdxX == 0)
        {
            Mbarrier.ArriveExpect(ref barrier, 64);
            Mbarrier.Arrive(ref barrier);
        }
    }

    [Fact]
    public void MoreBytesThanExpected() => Fails(TooFewBytes, 32, "24 bytes more than expected have come to the mbarrier at byte ");

    static void TooFewBytes(TensorMap map, ArrayView<float> result)
    {
        ref Mbarrier barrier = ref Prepared(1);
        if (Group.IdxX == 0)
        {
            Mbarrier.ArriveExpect(ref barrier, BoxBytes - 24);
            Tma.Load(ref SharedMemory.GetDynamic<float>()[0], map, ref barrier, 0, 0);
        }
        Mbarrier.Wait(ref barrier, 0);
    }

    [Fact]
    public void AWaitBeforeInitialisation() => Fails(WaitsAtOnce, 32, "waits for the mbarrier at byte ", "which is not initialised");

    static void WaitsAtOnce(TensorMap map, ArrayView<float> result) => Mbarrier.Wait(ref SharedMemory.Allocate<Mbarrier>(1)[0], 0);

    [Fact]
    public void AMisalignedBarrier() => Fails(HalfABarrier, 32, "an mbarrier at byte ", "at a multiple of 8");

    static void HalfABarrier(TensorMap map, ArrayView<float> result) =>
        Mbarrier.Initialize(ref SharedMemory.Allocate<int>(8).SubView(1, 4).Cast<Mbarrier>()[0], 1);

    [Fact]
    public void AMisalignedBox() => Fails(MisalignedBox, 32, "a box at byte ", "with the swizzle Bytes128 it must start at a multiple of 1024");

    static void MisalignedBox(TensorMap map, ArrayView<float> result)
    {
        ref Mbarrier barrier = ref Prepared(1);
        if (Group.IdxX == 0)
            Tma.Load(ref SharedMemory.GetDynamic<float>()[128], map, ref barrier, 0, 0);
    }

    [Fact]
    public void ABoxOutsideSharedMemory() => Fails(BoxOutside, 32, $"a box of {BoxBytes} bytes at byte ", "it must lie inside");

    static void BoxOutside(TensorMap map, ArrayView<float> result)
    {
        ref Mbarrier barrier = ref Prepared(1);
        if (Group.IdxX == 0)
            Tma.Load(ref SharedMemory.GetDynamic<float>()[(Shared - BoxBytes / 2) / sizeof(float)], map, ref barrier, 0, 0);
    }

    [Fact]
    public void ADescriptorThatLeavesSharedMemory() => Fails(LongStride, 128, "leads to byte ", "of shared memory");

    static void LongStride(TensorMap map, ArrayView<float> result) => Product(8 * 1024, 0);

    [Fact]
    public void ADescriptorThatStartsInsideItsPattern() => Fails(SecondRow, 128, "starts outside the first row of its pattern");

    static void SecondRow(TensorMap map, ArrayView<float> result) => Product(1024, 128);

    [Fact]
    public void AMultiplicationWithoutAFence() => Fails(NoFence, 128, "a multiplication without Wgmma.Fence");

    static void NoFence(TensorMap map, ArrayView<float> result)
    {
        ArrayView<float> sums = LocalMemory.Allocate<float>(4);
        SharedMatrix matrix = SharedMatrix.Of(ref SharedMemory.GetDynamic<byte>()[0], 16, 1024, SharedSwizzle.Bytes128);
        Wgmma.MultiplyAdd(sums, matrix, matrix, 0);
    }

    [Fact]
    public void AWarpgroupOfThreeWarps() => Fails(NoFence, 96, "an operation of a warpgroup in a group of 96 threads");

    [Fact]
    public void OperandsThatDiffer() => Fails(TwoAccumulations, 128, "thread 64 of its warpgroup comes with other operands",
        "accumulating) than thread 0", "all 128 must agree");

    static void TwoAccumulations(TensorMap map, ArrayView<float> result) => Multiply(1024, 0, Group.IdxX / 64);

    [Fact]
    public void MultiplicationsInFlightAtTheEnd() => Fails(NoWait, 128, "the thread ends with 1 groups of multiplications in flight");

    static void NoWait(TensorMap map, ArrayView<float> result)
    {
        Multiply(1024, 0, 0);
        Wgmma.Commit();
    }

    [Fact]
    public void AMultiplicationThatIsNotCommitted() => Fails(NoCommit, 128, "the thread ends before this multiplication is committed");

    static void NoCommit(TensorMap map, ArrayView<float> result) => Multiply(1024, 0, 0);

    [Fact]
    public void MoreRegistersThanThereAre() => Fails(ManyRegisters, 384, "the warpgroups end with 77824 registers", "384 threads has 64512");

    static void ManyRegisters(TensorMap map, ArrayView<float> result)
    {
        if (Group.IdxX >= 128)
            Wgmma.IncreaseRegisters(240);
        else
            Wgmma.DecreaseRegisters(128);
    }

    [Fact]
    public void AStoreThatNobodyWaitsFor() => Fails(NoStoreWait, 32, "the thread ends before this store has read shared memory");

    static void NoStoreWait(TensorMap map, ArrayView<float> result)
    {
        if (Group.IdxX == 0)
        {
            Tma.Store(map, ref SharedMemory.GetDynamic<float>()[0], 0, 0);
            Tma.Commit();
        }
    }

    [Fact]
    public void AStoreThatStartsBeforeTheTensor() => Fails(StoresBefore, 32, "a box to be stored at -1 in dimension 1");

    static void StoresBefore(TensorMap map, ArrayView<float> result)
    {
        if (Group.IdxX == 0)
            Tma.Store(map, ref SharedMemory.GetDynamic<float>()[0], 0, -1);
    }

    [Fact]
    public void ABoxThatStartsInsideAPiece() => Fails(StoresInsideAPiece, 32, "a box at 3 along its rows of elements of 4 bytes");

    static void StoresInsideAPiece(TensorMap map, ArrayView<float> result)
    {
        if (Group.IdxX == 0)
            Tma.Store(map, ref SharedMemory.GetDynamic<float>()[0], 3, 0);
    }

    [Fact]
    public void AStoreOfWhatWasWrittenWithoutAFence() => Fails(NoProxyFence, 64, "which thread 40 of the group has written without Tma.Fence");

    static void NoProxyFence(TensorMap map, ArrayView<float> result)
    {
        ArrayView<float> box = SharedMemory.GetDynamic<float>();
        box[Group.IdxX] = Group.IdxX;
        if (Group.IdxX != 40)
            Tma.Fence();
        Group.Barrier();
        if (Group.IdxX == 0)
        {
            Tma.Store(map, ref box[0], 0, 0);
            Tma.Commit();
            Tma.Wait(0);
        }
    }

    [Fact]
    public void AMultiplicationOfWhatWasWrittenWithoutAFence() =>
        Fails(NoProxyFenceBeforeProduct, 128, "which thread 3 of the group has written without Tma.Fence");

    static void NoProxyFenceBeforeProduct(TensorMap map, ArrayView<float> result)
    {
        SharedMemory.GetDynamic<float>()[Group.IdxX] = 1;
        if (Group.IdxX != 3)
            Tma.Fence();
        Group.Barrier();
        Product(1024, 0);
    }

    [Fact]
    public void ANamedBarrierThatIsLeftHalfFull() => Fails(HalfFull, 128, "the kernel ends with the named barrier 3 (32 of 64 threads have come)");

    static void HalfFull(TensorMap map, ArrayView<float> result)
    {
        if (Group.IdxX < 32)
            NamedBarrier.Arrive(3, 64);
    }

    [Fact]
    public void ANamedBarrierOfTwoSizes() => Fails(TwoSizes, 128, "comes to the named barrier 4 of 128 threads, where others wait for 64");

    static void TwoSizes(TensorMap map, ArrayView<float> result) => NamedBarrier.Sync(4, Group.IdxX < 32 ? 64 : 128);

    [Fact]
    public void ADeadlockNamesTheBarrier() => Fails(NeverFilled, 64, "deadlock in group (0, 0, 0)", "all lanes wait for the mbarrier at byte ",
        ", parity 0 (1 of 2 arrivals and 0 bytes missing), HopperMisuseTests.NeverFilled, HopperMisuseTests.cs:",
        "warp 1: all lanes wait for the named barrier 5 (32 of 64 threads have come)");

    static void NeverFilled(TensorMap map, ArrayView<float> result)
    {
        ref Mbarrier barrier = ref Prepared(2);
        if (Group.IdxX == 0)
            Mbarrier.Arrive(ref barrier);
        if (Group.IdxX < 32)
            Mbarrier.Wait(ref barrier, 0);
        else
            NamedBarrier.Sync(5, 64);
    }

    [Fact]
    public void ADeadlockNamesTheMultiplication() => Fails(HalfAWarpgroup, 128,
        "wait for 1 groups of multiplications, of which 0 are done; 64 of the warpgroup's 128 threads have come");

    static void HalfAWarpgroup(TensorMap map, ArrayView<float> result)
    {
        if (Group.IdxX >= 64)
            return;
        Product(1024, 0);
    }

    [Fact]
    public void ALoadThatNobodyWaitsForIsAnErrorWhenLate() =>
        Assert.Contains("the kernel ends before this copy was waited for", Failure(NoLoadWait, 32, AsynchronousTiming.AtWait));

    static void NoLoadWait(TensorMap map, ArrayView<float> result)
    {
        ref Mbarrier barrier = ref Prepared(1);
        if (Group.IdxX == 0)
        {
            Mbarrier.ArriveExpect(ref barrier, BoxBytes);
            Tma.Load(ref SharedMemory.GetDynamic<float>()[0], map, ref barrier, 0, 0);
        }
    }

    /// <summary>Sums read before the wait, operands changed before it, a box read without one: each differs between the modes.</summary>
    [Fact]
    public void RacesDifferBetweenTheModes()
    {
        Body[] races = [ReadsSumsTooEarly, ChangesWordsTooEarly, ReadsTheBoxTooEarly, ReadsTheCopyTooEarly];
        foreach (Body race in races)
            Assert.NotEqual(Launch(race, 128, AsynchronousTiming.AtIssue, false), Launch(race, 128, AsynchronousTiming.AtWait, false));
    }

    static void ReadsSumsTooEarly(TensorMap map, ArrayView<float> result)
    {
        ArrayView<float> sums = LocalMemory.Allocate<float>(4);
        Ones();
        SharedMatrix matrix = SharedMatrix.Of(ref SharedMemory.GetDynamic<byte>()[0], 16, 1024, SharedSwizzle.Bytes128);
        Wgmma.Fence();
        Wgmma.MultiplyAdd(sums, matrix, matrix, 0);
        Wgmma.Commit();
        Group.Barrier();
        result[Group.IdxX] = sums[0];
        Wgmma.Wait(0);
    }

    static void ChangesWordsTooEarly(TensorMap map, ArrayView<float> result)
    {
        ArrayView<float> sums = LocalMemory.Allocate<float>(4);
        ArrayView<uint> words = LocalMemory.Allocate<uint>(4);
        Ones();
        for (int k = 0; k < 4; k++)
            words[k] = 0x3f803f80;
        SharedMatrix matrix = SharedMatrix.Of(ref SharedMemory.GetDynamic<byte>()[0], 16, 1024, SharedSwizzle.Bytes128);
        Wgmma.Fence();
        Wgmma.MultiplyAddRegisters(sums, words, matrix, 0);
        Wgmma.Commit();
        Group.Barrier();
        words[0] = 0;
        Wgmma.Wait(0);
        result[Group.IdxX] = sums[0];
    }

    static void ReadsTheBoxTooEarly(TensorMap map, ArrayView<float> result)
    {
        ref Mbarrier barrier = ref Prepared(1);
        ArrayView<float> box = SharedMemory.GetDynamic<float>();
        box[Group.IdxX] = -1;
        Group.Barrier();
        if (Group.IdxX == 0)
        {
            Mbarrier.ArriveExpect(ref barrier, BoxBytes);
            Tma.Load(ref box[0], map, ref barrier, 0, 0);
        }
        Group.Barrier();
        result[Group.IdxX] = box[Group.IdxX];
        Mbarrier.Wait(ref barrier, 0);
    }

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

    /// <summary>bfloat16 ones in all of shared memory.</summary>
    static void Ones()
    {
        ArrayView<uint> shared = SharedMemory.GetDynamic<uint>();
        for (int k = Group.IdxX; k < Shared / sizeof(uint); k += Group.DimX)
            shared[k] = 0x3f803f80;
        Tma.Fence();
        Group.Barrier();
    }

    static void Product(int stride, int start)
    {
        Multiply(stride, start, 0);
        Wgmma.Commit();
        Wgmma.Wait(0);
    }

    static void Multiply(int stride, int start, int accumulate)
    {
        ArrayView<float> sums = LocalMemory.Allocate<float>(4);
        for (int k = 0; k < 4; k++)
            sums[k] = 0;
        SharedMatrix matrix = SharedMatrix.Of(ref SharedMemory.GetDynamic<byte>()[start], 16, stride, SharedSwizzle.Bytes128);
        Wgmma.Fence();
        Wgmma.MultiplyAdd(sums, matrix, matrix, accumulate);
    }

    /// <summary>In both modes, with the line of the kernel or of what it calls.</summary>
    static void Fails(Body kernel, int threads, params string[] parts)
    {
        foreach (AsynchronousTiming timing in Enum.GetValues<AsynchronousTiming>())
        {
            string message = Failure(kernel, threads, timing);
            Assert.All(parts, part => Assert.Contains(part, message));
            Assert.Matches(@"HopperMisuseTests(\.Copies)?\.cs:\d", message);
        }
    }

    static string Failure(Body kernel, int threads, AsynchronousTiming timing) =>
        Assert.Throws<KernelException>(() => Launch(kernel, threads, timing, true)).Message;

    static float[] Launch(Body kernel, int threads, AsynchronousTiming timing, bool isChecked)
    {
        using Context context = Context.Create(builder => (isChecked ? builder.CPU().Assertions() : builder.CPU()).Asynchronous(timing));
        using Accelerator accelerator = context.CreateCPUAccelerator(0);
        using var tensor = accelerator.Allocate1D(Enumerable.Range(0, Columns * Rows).Select(k => (float)k).ToArray());
        using var result = accelerator.Allocate1D<float>(threads);
        result.MemSetToZero();
        TensorMap map = TensorMap.Create<float>(accelerator, tensor.View, [Columns, Rows], [Columns], [Columns, Rows], SharedSwizzle.Bytes128);
        accelerator.LoadStreamKernel(kernel.Method.CreateDelegate<Action<TensorMap, ArrayView<float>>>())(
            new KernelConfig(1, threads, SharedMemoryConfig.RequestDynamic<byte>(Shared)), map, result.View);
        accelerator.Synchronize();
        return result.GetAsArray1D();
    }
}
