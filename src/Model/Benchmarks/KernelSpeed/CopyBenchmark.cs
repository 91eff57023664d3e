using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Model.Benchmarks.KernelSpeed;

/// <summary>The driver's copy from device memory to device memory; bytes read and written count.</summary>
sealed class CopyBenchmark : KernelBenchmark
{
    readonly ArrayView<byte> _source, _target;

    /// <param name="device">Where.</param>
    /// <param name="bytes">Bytes that are copied.</param>
    public CopyBenchmark(ComputeDevice device, long bytes)
        : base(device, KernelGroup.Copy, "copy", 2d * bytes, 2 * bytes)
    {
        _source = Allocate<byte>(bytes);
        _target = Allocate<byte>(bytes);
    }

    public override void Launch(AcceleratorStream stream, int input) => _target.CopyFrom(stream, _source);
}
