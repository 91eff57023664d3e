using System.Diagnostics;
using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Loader;

namespace IlgpuDca.Model.Benchmarks.Loading;

/// <summary>
/// Measures loading: opening and checking the files, allocating, copying, waiting for the last copy. Not timed: opening the
/// device, freeing.
/// </summary>
public static class LoadBenchmark
{
    const long MostPinnedBytes = 256 << 20;
    const int PinnedSamples = 10;

    /// <param name="device">Where.</param>
    /// <param name="source">The model.</param>
    /// <param name="options">How it is loaded.</param>
    /// <param name="repetitions">Loads after the first.</param>
    /// <param name="cancellation">Looked at before each chunk.</param>
    public static LoadFigure Measure(ComputeDevice device, ModelSource source, EngineOptions options, int repetitions, CancellationToken cancellation)
    {
        long bytes = 0;
        List<double> seconds = [];
        for (int repetition = 0; repetition <= repetitions; repetition++)
        {
            Stopwatch clock = Stopwatch.StartNew();
            using LlamaFiles files = LlamaFiles.Open(source);
            using Engine engine = Engine.Load(device, files, null, options, null, cancellation);
            seconds.Add(clock.Elapsed.TotalSeconds);
            bytes = MemoryPlan.WeightBytes(engine.Config, engine.Mode, engine.Storage);
        }
        return new LoadFigure(bytes, seconds[0], seconds[1..], PinnedRate(device, Math.Min(bytes, MostPinnedBytes)));
    }

    /// <summary>Bytes per second of the median copy of one page-locked buffer.</summary>
    static double PinnedRate(ComputeDevice device, long bytes)
    {
        using PageLockedArray1D<byte> source = device.Accelerator.AllocatePageLocked1D<byte>(bytes, uninitialized: false);
        using MemoryBuffer1D<byte, Stride1D.Dense> target = device.Accelerator.Allocate1D<byte>(bytes);
        List<double> seconds = [];
        for (int sample = 0; sample <= PinnedSamples; sample++)
        {
            using ProfilingMarker start = device.Stream.AddProfilingMarker();
            target.View.CopyFromPageLockedAsync(device.Stream, source);
            using ProfilingMarker end = device.Stream.AddProfilingMarker();
            seconds.Add((end - start).TotalSeconds);
        }
        return bytes / Statistics.Median(seconds[1..]);
    }
}
