using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Ilgpu.Extensions;

namespace IlgpuDca.Verification.Conformance.Hopper;

/// <summary>
/// Copies of 16 bytes that threads ask for themselves (cp.async): whole, part and empty ones, and groups in a ring.
/// </summary>
static class ThreadCopyKernels
{
    const int Threads = 96, Stages = 3, Steps = 11;
    const string PartsName = "asynchronous copies of 0 to 16 bytes";
    const string RingName = "asynchronous copies in a ring of stages";

    /// <summary>16 bytes.</summary>
    readonly record struct Four(int A, int B, int C, int D);

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new(PartsName, ((Action<ArrayView<Four>, ArrayView<Four>>)Parts).Method, false, RunParts),
        new(RingName, ((Action<ArrayView<Four>, ArrayView<Four>, int>)Ring).Method, false, RunRing),
    ];

    static void RunParts(Accelerator accelerator)
    {
        using var source = accelerator.Allocate1D(Elements(Threads));
        using var result = accelerator.Allocate1D<Four>(Threads);
        accelerator.LoadStreamKernel<ArrayView<Four>, ArrayView<Four>>(Parts)(
            new KernelConfig(1, Threads, SharedMemoryConfig.RequestDynamic<Four>(Threads)), source.View, result.View);
        accelerator.Synchronize();
        Four[] expected = Elements(Threads);
        for (int k = 0; k < Threads; k++)
        {
            int bytes = k % 17;
            Four whole = expected[k];
            expected[k] = new(
                Kept(whole.A, bytes), Kept(whole.B, bytes - 4), Kept(whole.C, bytes - 8), Kept(whole.D, bytes - 12));
        }
        // Each thread wrote what its mirror image had copied.
        Array.Reverse(expected);
        Comparer.Same(PartsName, expected, result.GetAsArray1D(), k => $"element {k}");
    }

    /// <summary>The low bytes of a word, as many as there are of it.</summary>
    static int Kept(int word, int bytes) => bytes <= 0 ? 0 : bytes >= 4 ? word : word & ((1 << 8 * bytes) - 1);

    static void Parts(ArrayView<Four> source, ArrayView<Four> result)
    {
        ArrayView<Four> shared = SharedMemory.GetDynamic<Four>();
        AsyncCopy.Copy(ref shared[Group.IdxX], ref source[Group.IdxX], Group.IdxX % 17);
        AsyncCopy.Commit();
        AsyncCopy.Wait(0);
        Group.Barrier();
        result[Group.IdxX] = shared[Threads - 1 - Group.IdxX];
    }

    static void RunRing(Accelerator accelerator)
    {
        Four[] elements = Elements(Threads * Steps);
        using var source = accelerator.Allocate1D(elements);
        using var result = accelerator.Allocate1D<Four>(Threads);
        accelerator.LoadStreamKernel<ArrayView<Four>, ArrayView<Four>, int>(Ring)(
            new KernelConfig(1, Threads, SharedMemoryConfig.RequestDynamic<Four>(Threads * Stages)),
            source.View, result.View, Steps);
        accelerator.Synchronize();
        Four[] expected = new Four[Threads];
        for (int k = 0; k < elements.Length; k++)
        {
            ref Four sum = ref expected[(k + 1) % Threads];
            sum = Added(sum, elements[k], k / Threads + 1);
        }
        Comparer.Same(RingName, expected, result.GetAsArray1D(), k => $"element {k}");
    }

    static Four Added(Four sum, Four value, int factor) => new(
        sum.A + factor * value.A, sum.B + factor * value.B, sum.C + factor * value.C, sum.D + factor * value.D);

    /// <summary>
    /// Two steps on their way while the one before is read by the neighbour; one barrier a step, groups that are empty
    /// at the end.
    /// </summary>
    static void Ring(ArrayView<Four> source, ArrayView<Four> result, int steps)
    {
        ArrayView<Four> shared = SharedMemory.GetDynamic<Four>();
        Four sum = default;
        for (int step = 0; step < Stages - 1; step++)
            Fetch(source, shared, step, steps);
        for (int step = 0; step < steps; step++)
        {
            AsyncCopy.Wait(Stages - 2);
            Group.Barrier();
            Fetch(source, shared, step + Stages - 1, steps);
            sum = Added(sum, shared[step % Stages * Threads + (Group.IdxX + Threads - 1) % Threads], step + 1);
        }
        result[Group.IdxX] = sum;
    }

    static void Fetch(ArrayView<Four> source, ArrayView<Four> shared, int step, int steps)
    {
        if (step < steps)
            AsyncCopy.Copy(ref shared[step % Stages * Threads + Group.IdxX], ref source[step * Threads + Group.IdxX],
                AsyncCopy.Bytes);
        AsyncCopy.Commit();
    }

    static Four[] Elements(int count)
    {
        Random random = new(11);
        return [.. Enumerable.Range(0, count)
            .Select(_ => new Four(random.Next(), random.Next(), random.Next(), random.Next()))];
    }
}
