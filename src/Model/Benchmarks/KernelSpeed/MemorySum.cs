using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Model.Benchmarks.KernelSpeed;

/// <summary>
/// The sum of all 32-bit words of a memory, modulo 2^32, in one part for each thread.
/// <code>sums[t] = sum of the words of x[i], i = t mod threads</code>
/// </summary>
/// <remarks>
/// Work: as many threads as the machine holds, each with four independent loads of 16 bytes in flight. Traffic: x once.
/// </remarks>
sealed class MemorySum(Accelerator accelerator)
{
    const int GroupSize = 512;

    /// <summary>2,048 threads: a full multiprocessor.</summary>
    const int GroupsPerMultiprocessor = 4;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<BFloat16x8>, ArrayView<uint>> _kernel =
        accelerator.LoadKernel<ArrayView<BFloat16x8>, ArrayView<uint>>(Kernel);

    /// <summary>Parts of the sum.</summary>
    public int Threads => Groups * GroupSize;

    int Groups => accelerator.NumMultiprocessors * GroupsPerMultiprocessor;

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="x">What to read.</param>
    /// <param name="sums">[<see cref="Threads"/>].</param>
    public void Run(AcceleratorStream stream, ArrayView<BFloat16x8> x, ArrayView<uint> sums)
    {
        if (sums.Length != Threads)
            throw new ArgumentException($"MemorySum: there are {sums.Length} sums; {Threads} are needed.");
        _kernel(stream, new KernelConfig(Groups, GroupSize), x, sums);
    }

    static void Kernel(ArrayView<BFloat16x8> x, ArrayView<uint> sums)
    {
        int thread = Grid.IdxX * GroupSize + Group.IdxX;
        long stride = (long)Grid.DimX * GroupSize, i = thread;
        uint sum = 0;
        for (; i + 3 * stride < x.Length; i += 4 * stride)
        {
            BFloat16x8 first = x[i], second = x[i + stride], third = x[i + 2 * stride], fourth = x[i + 3 * stride];
            sum += Words(first) + Words(second) + Words(third) + Words(fourth);
        }
        for (; i < x.Length; i += stride)
            sum += Words(x[i]);
        sums[thread] = sum;
    }

    static uint Words(BFloat16x8 pack) => pack.A + pack.B + (pack.C + pack.D);
}
