using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Verification.Conformance;

/// <summary>Atomics of every type, in global and shared memory: four groups of 64 threads work on a few places.</summary>
static class AtomicKernels
{
    static readonly KernelConfig Config = new(4, 64);
    const int Threads = 256;

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        Grouped.Kernel<int>("atomic add int", Config, r => Atomic.Add(ref r[Thread & 3], Thread), 4, Sum),
        Grouped.Kernel<uint>("atomic add uint", Config, r => Atomic.Add(ref r[Thread & 3], (uint)Thread), 4, k => (uint)Sum(k)),
        Grouped.Kernel<long>("atomic add long", Config, r => Atomic.Add(ref r[Thread & 3], Thread * (1L << 33)), 4,
            k => Sum(k) * (1L << 33)),
        Grouped.Kernel<ulong>("atomic add ulong", Config, r => Atomic.Add(ref r[Thread & 3], (ulong)Thread << 40), 4,
            k => (ulong)Sum(k) << 40),
        Grouped.Kernel<float>("atomic add float", Config, r => Atomic.Add(ref r[Thread & 3], Thread), 4, k => Sum(k)),
        Grouped.Kernel<double>("atomic add double", Config, r => Atomic.Add(ref r[Thread & 3], Thread * 0.5), 4, k => Sum(k) * 0.5),
        Grouped.Kernel<int>("atomic max int", Config, r => Atomic.Max(ref r[Thread & 3], Thread - 100), 4, k => 152 + k),
        Grouped.Kernel<int>("atomic min int", Config, r => Atomic.Min(ref r[Thread & 3], Thread - 100), 4, k => k - 100),
        Grouped.Kernel<uint>("atomic max uint", Config, r => Atomic.Max(ref r[Thread & 3], 0x80000000u + (uint)Thread), 4,
            k => 0x80000000u + 252u + (uint)k),
        Grouped.Kernel<long>("atomic min and max long", Config, MinMaxLong, 4, k => k < 2 ? -255L << 34 : 255L << 34),
        Grouped.Kernel<ulong>("atomic max ulong", Config, r => Atomic.Max(ref r[Thread & 3], 1ul << 63 | (uint)Thread), 4,
            k => 1ul << 63 | (uint)(252 + k)),
        Grouped.Kernel<float>("atomic min and max float", Config, MinMaxFloat, 4, k => k < 2 ? -127.5f : 127.5f),
        Grouped.Kernel<double>("atomic min and max double", Config, MinMaxDouble, 4, k => k < 2 ? -127.5 : 127.5),
        Grouped.Kernel<int>("atomic and, or, xor int", Config, Bits, 3, k => k switch { 0 => 0, 1 => 255, _ => 0x0f00 }),
        Grouped.Kernel<ulong>("atomic or and xor ulong", Config, WideBits, 2, k => k == 0 ? ~0ul : 0),
        Grouped.Kernel<int>("atomic exchange", Config, Exchange, 1, _ => Threads),
        Grouped.Kernel<int>("atomic compare and exchange int", Config, CompareExchange, 1, _ => Threads * 3),
        Grouped.Kernel<long>("atomic compare and exchange long", Config, CompareExchangeLong, 1, _ => Threads * (1L << 32)),
        Grouped.Kernel<float>("atomic compare and exchange float", Config, CompareExchangeFloat, 1, _ => Threads * 0.5f),
        Grouped.Kernel<double>("atomic compare and exchange double", Config, CompareExchangeDouble, 1, _ => Threads * 0.5),
        Grouped.Kernel<int>("atomic in shared memory", Config, Shared, 4, k => Enumerable.Range(k * 64, 64).Sum()),
        Grouped.Kernel<int>("atomic result is the old value", new KernelConfig(1, 64), OldValues, 64, _ => 1),
    ];

    static int Thread => Grid.GlobalIndex.X;

    static int Sum(int k) => Enumerable.Range(0, Threads).Where(thread => (thread & 3) == k).Sum();

    static void MinMaxLong(ArrayView<long> r)
    {
        Atomic.Min(ref r[Thread & 1], -(long)(Thread | 255) << 34);
        Atomic.Max(ref r[2 + (Thread & 1)], (long)(Thread | 255) << 34);
    }

    static void MinMaxFloat(ArrayView<float> r)
    {
        Atomic.Min(ref r[Thread & 1], -0.5f * (Thread | 1));
        Atomic.Max(ref r[2 + (Thread & 1)], 0.5f * (Thread | 1));
    }

    static void MinMaxDouble(ArrayView<double> r)
    {
        Atomic.Min(ref r[Thread & 1], -0.5 * (Thread | 1));
        Atomic.Max(ref r[2 + (Thread & 1)], 0.5 * (Thread | 1));
    }

    static void Bits(ArrayView<int> r)
    {
        Atomic.And(ref r[0], Thread);
        Atomic.Or(ref r[1], Thread);
        Atomic.Xor(ref r[2], Thread == 5 ? 0x0f00 ^ (Thread & 255) : Thread & 255);
    }

    static void WideBits(ArrayView<ulong> r)
    {
        Atomic.Or(ref r[0], 1ul << (Thread & 63));
        Atomic.Xor(ref r[1], 1ul << (Thread & 63));
    }

    static void Exchange(ArrayView<int> r)
    {
        int old = Atomic.Exchange(ref r[0], Threads);
        if (old != 0 && old != Threads)
            r[0] = -1;
    }

    static void CompareExchange(ArrayView<int> r)
    {
        int seen = r[0], expected;
        do
        {
            expected = seen;
            seen = Atomic.CompareExchange(ref r[0], expected, expected + 3);
        }
        while (seen != expected);
    }

    static void CompareExchangeLong(ArrayView<long> r)
    {
        long seen = r[0], expected;
        do
        {
            expected = seen;
            seen = Atomic.CompareExchange(ref r[0], expected, expected + (1L << 32));
        }
        while (seen != expected);
    }

    static void CompareExchangeFloat(ArrayView<float> r)
    {
        float seen = r[0], expected;
        do
        {
            expected = seen;
            seen = Atomic.CompareExchange(ref r[0], expected, expected + 0.5f);
        }
        while (seen != expected);
    }

    static void CompareExchangeDouble(ArrayView<double> r)
    {
        double seen = r[0], expected;
        do
        {
            expected = seen;
            seen = Atomic.CompareExchange(ref r[0], expected, expected + 0.5);
        }
        while (seen != expected);
    }

    static void Shared(ArrayView<int> r)
    {
        ref int sum = ref SharedMemory.Allocate<int>();
        if (Group.IsFirstThread)
            sum = 0;
        Group.Barrier();
        Atomic.Add(ref sum, Thread);
        Group.Barrier();
        if (Group.IsFirstThread)
            r[Grid.IdxX] = sum;
    }

    static void OldValues(ArrayView<int> r)
    {
        ref int next = ref SharedMemory.Allocate<int>();
        if (Group.IsFirstThread)
            next = 0;
        Group.Barrier();
        r[Atomic.Add(ref next, 1)] += 1;
    }
}
