using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Model.Benchmarks.KernelSpeed;

/// <summary>Reads memory as fast as a kernel can: the sum of its words.</summary>
sealed class ReadBenchmark : KernelBenchmark
{
    readonly MemorySum _sum;
    readonly ArrayView<BFloat16x8>[] _inputs;
    readonly ArrayView<uint> _sums;

    /// <param name="device">Where.</param>
    /// <param name="bytes">Bytes that are read, a multiple of 16.</param>
    public ReadBenchmark(ComputeDevice device, long bytes)
        : base(device, KernelGroup.Read, "read", bytes / 16 * 16, bytes)
    {
        _sum = new MemorySum(Accelerator);
        _inputs = [.. Random(bytes / 16 * 8).Select(view => view.Cast<BFloat16x8>())];
        _sums = Allocate<uint>(_sum.Threads);
    }

    public override void Launch(AcceleratorStream stream, int input) => _sum.Run(stream, _inputs[input], _sums);
}
