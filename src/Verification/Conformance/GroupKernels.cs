using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Verification.Conformance;

/// <summary>Groups: indices, barriers, shared memory, specialised parameters.</summary>
static class GroupKernels
{
    const int Threads = 96;

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        Grouped.Kernel<int>("group indices, one dimension", new KernelConfig(3, 33),
            r => r[Grid.GlobalIndex.X] = Grid.IdxX * 1000 + Group.IdxX + Grid.DimX * 100_000 + Group.DimX, 99,
            k => k / 33 * 1000 + k % 33 + 300_000 + 33),
        Grouped.Kernel<int>("group indices, two dimensions", new KernelConfig(new Index2D(2, 3), new Index2D(4, 5)), TwoDimensions,
            120, k => k / 20 * 100 + k % 20 / 4 * 10 + k % 4),
        Grouped.Kernel<int>("group indices, three dimensions",
            new KernelConfig(new Index3D(2, 1, 2), new Index3D(2, 3, 4)), r => r[Grid.GlobalLinearIndex] = Group.LinearIndex
                + 100 * Grid.LinearIndex + 10_000 * Group.IdxZ, 96, k => k % 24 + k / 24 * 100 + k % 24 / 6 * 10_000),
        Grouped.Kernel<int>("first and last thread", new KernelConfig(1, 32),
            r => r[Group.IdxX] = Group.IsFirstThread ? 1 : Group.IsLastThread ? 2 : 0, 32, k => k == 0 ? 1 : k == 31 ? 2 : 0),
        Grouped.Kernel<int>("shared memory reversed", new KernelConfig(2, Threads), Reverse, 2 * Threads,
            k => (Threads - 1 - k % Threads) * 3 + k / Threads),
        Grouped.Kernel<int>("shared memory, dynamic",
            new KernelConfig(1, Threads, SharedMemoryConfig.RequestDynamic<int>(Threads)), DynamicReverse, Threads,
            k => Threads - 1 - k + Threads * 1000),
        Grouped.Kernel<int>("shared memory, a scalar", new KernelConfig(2, Threads), SharedScalar, 2 * Threads, k => 77 + k / Threads),
        Grouped.Kernel<int>("shared memory of structs", new KernelConfig(1, 64), SharedStructs, 64, k => (63 - k) * 2 + (63 - k) * 5),
        Grouped.Kernel<int>("shared memory, neighbours through offsets", new KernelConfig(1, 64), Neighbours, 64,
            k => k == 0 || k == 63 ? -1 : 2 * k * k + 2),
        Grouped.Kernel<int>("barriers in a loop, a tree of sums", new KernelConfig(2, 128), TreeSum, 2,
            k => Enumerable.Range(0, 128).Sum(x => x * (k + 1))),
        Grouped.Kernel<int>("barrier population count", new KernelConfig(1, Threads),
            r => r[Group.IdxX] = Group.BarrierPopCount(Group.IdxX % 3 == 0), Threads, _ => Threads / 3),
        Grouped.Kernel<int>("barrier and", new KernelConfig(1, Threads), r => r[Group.IdxX] =
            (Group.BarrierAnd(Group.IdxX >= 0) ? 1 : 0) + (Group.BarrierAnd(Group.IdxX != 7) ? 2 : 0), Threads, _ => 1),
        Grouped.Kernel<int>("barrier or", new KernelConfig(1, Threads), r => r[Group.IdxX] =
            (Group.BarrierOr(Group.IdxX == 7) ? 1 : 0) + (Group.BarrierOr(Group.IdxX < 0) ? 2 : 0), Threads, _ => 1),
        Grouped.Kernel<int>("group broadcast", new KernelConfig(1, Threads), r => r[Group.IdxX] =
            Group.Broadcast(Group.IdxX * 10, 40) + Group.Broadcast(Group.IdxX + 1, 3), Threads, _ => 404),
        Grouped.Kernel<int>("memory fences", new KernelConfig(1, 32), Fences, 32, k => k + 3),
        Grouped.Kernel<int, SpecializedValue<int>>("specialised value", new KernelConfig(1, 32), Specialised,
            SpecializedValue.New(5), 32, k => k * 5 + 10),
        Grouped.Kernel<int>("accelerator type is a constant", new KernelConfig(1, 32), r => r[Group.IdxX] =
            Accelerator.CurrentType == AcceleratorType.CPU || Accelerator.CurrentType == AcceleratorType.Cuda ? 1 : 0, 32, _ => 1),
        Grouped.Kernel<long>("long global index", new KernelConfig(3, 32),
            r => r[Grid.LongGlobalIndex.X] = Grid.LongGlobalIndex.X * (1L << 33), 96, k => k * (1L << 33)),
        Grouped.Kernel<int, int>("uniform branch around a barrier", new KernelConfig(1, 64), UniformBranch, 1, 64, k => 63 - k),
    ];

    static void TwoDimensions(ArrayView<int> r)
    {
        int group = Grid.IdxY * Grid.DimX + Grid.IdxX;
        r[group * 20 + Group.IdxY * Group.DimX + Group.IdxX] = group * 100 + Group.IdxY * 10 + Group.IdxX;
    }

    static void Reverse(ArrayView<int> r)
    {
        ArrayView<int> shared = SharedMemory.Allocate<int>(Threads);
        shared[Group.IdxX] = Group.IdxX * 3 + Grid.IdxX;
        Group.Barrier();
        r[Grid.GlobalIndex.X] = shared[Threads - 1 - Group.IdxX];
    }

    static void DynamicReverse(ArrayView<int> r)
    {
        ArrayView<int> shared = SharedMemory.GetDynamic<int>();
        shared[Group.IdxX] = Group.IdxX;
        Group.Barrier();
        r[Group.IdxX] = shared[shared.IntLength - 1 - Group.IdxX] + shared.IntLength * 1000;
    }

    static void SharedScalar(ArrayView<int> r)
    {
        ref int shared = ref SharedMemory.Allocate<int>();
        if (Group.IdxX == 50)
            shared = 77 + Grid.IdxX;
        Group.Barrier();
        r[Grid.GlobalIndex.X] = shared;
    }

    static void SharedStructs(ArrayView<int> r)
    {
        ArrayView<StructKernels.Pair> shared = SharedMemory.Allocate<StructKernels.Pair>(64);
        shared[Group.IdxX] = new StructKernels.Pair { First = Group.IdxX * 2, Second = Group.IdxX * 5 };
        Group.Barrier();
        StructKernels.Pair pair = shared[63 - Group.IdxX];
        r[Group.IdxX] = pair.First + pair.Second;
    }

    static void Neighbours(ArrayView<int> r)
    {
        ArrayView<int> shared = SharedMemory.Allocate<int>(64);
        int x = Group.IdxX;
        shared[x] = x * x;
        Group.Barrier();
        r[x] = x == 0 || x == 63 ? -1 : shared[x - 1] + shared[x + 1];
    }

    static void TreeSum(ArrayView<int> r)
    {
        ArrayView<int> shared = SharedMemory.Allocate<int>(128);
        shared[Group.IdxX] = Group.IdxX * (Grid.IdxX + 1);
        for (int half = 64; half > 0; half >>= 1)
        {
            Group.Barrier();
            if (Group.IdxX < half)
                shared[Group.IdxX] += shared[Group.IdxX + half];
        }
        if (Group.IsFirstThread)
            r[Grid.IdxX] = shared[0];
    }

    static void Fences(ArrayView<int> r)
    {
        r[Group.IdxX] = Group.IdxX + 1;
        MemoryFence.GroupLevel();
        r[Group.IdxX]++;
        MemoryFence.DeviceLevel();
        r[Group.IdxX]++;
        MemoryFence.SystemLevel();
    }

    static void Specialised(ArrayView<int> r, SpecializedValue<int> times)
    {
        int sum = 0;
        for (int k = 0; k < times.Value; k++)
            sum += Group.IdxX + k;
        r[Group.IdxX] = sum;
    }

    static void UniformBranch(ArrayView<int> r, int reverse)
    {
        ArrayView<int> shared = SharedMemory.Allocate<int>(64);
        shared[Group.IdxX] = Group.IdxX;
        if (reverse != 0)
        {
            Group.Barrier();
            r[Group.IdxX] = shared[63 - Group.IdxX];
        }
    }
}
