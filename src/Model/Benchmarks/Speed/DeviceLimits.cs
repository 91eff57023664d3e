using ILGPU.Runtime.Cuda;
using IlgpuDca.Model.Benchmarks.KernelSpeed;

namespace IlgpuDca.Model.Benchmarks.Speed;

/// <summary>What a device can do at most.</summary>
/// <param name="FlopsPerSecond">Operations of the mode's products: from the highest clock, which a device under load doesn't hold.</param>
/// <param name="BytesPerSecond">Memory read, measured.</param>
public sealed record DeviceLimits(double FlopsPerSecond, double BytesPerSecond)
{
    /// <summary>Measures a GPU's bandwidth and works out its operations; null for a CPU.</summary>
    /// <param name="device">An idle device.</param>
    /// <param name="mode">Tensor cores in bf16, else plain arithmetic.</param>
    public static DeviceLimits? Of(ComputeDevice device, ComputeMode mode)
    {
        if (device.Accelerator is not CudaAccelerator cuda)
            return null;
        const long MostBytes = 8L << 30;
        using ReadBenchmark read = new(device, Math.Min(MostBytes, device.AvailableBytes / 4));
        KernelFigure figure = KernelTimer.Measure(device.Stream, read, CancellationToken.None);
        double clock = cuda.ClockRate * 1e3;
        return new DeviceLimits(cuda.NumMultiprocessors * clock * FlopsPerClock(cuda.Architecture, mode), figure.Value * 1e9);
    }

    /// <summary>Operations of a multiprocessor in a clock: dense products with float32 sums.</summary>
    static double FlopsPerClock(CudaArchitecture architecture, ComputeMode mode) => (mode, architecture.Major, architecture.Minor) switch
    {
        (ComputeMode.Float32, 8, 0) => 128,
        (ComputeMode.Float32, _, _) => 256,
        (_, 8, 0) => 2048,
        (_, 9, _) => 4096,
        (_, 10, _) => 8192,
        _ => 1024,
    };
}
