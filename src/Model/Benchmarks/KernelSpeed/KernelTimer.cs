using System.Diagnostics;
using ILGPU.Runtime;

namespace IlgpuDca.Model.Benchmarks.KernelSpeed;

/// <summary>
/// Times launches by events of the device. A sample is one launch for each set of inputs, queued together, so that the host's time
/// for a launch is hidden behind the device's for those before. Not timed: compiling, three samples of warm-up.
/// </summary>
public static class KernelTimer
{
    const int WarmUps = 3;
    const int MostSamples = 20;
    const int FewestSamples = 5;

    /// <summary>The most launches that a benchmark of so many sets of inputs is asked for.</summary>
    public static int MostLaunches(int inputs) => (WarmUps + MostSamples) * inputs;

    /// <summary>After this no more samples are taken than the fewest.</summary>
    static readonly TimeSpan _enough = TimeSpan.FromSeconds(2);

    /// <param name="stream">Where the benchmark is queued.</param>
    /// <param name="benchmark">What.</param>
    /// <param name="cancellation">Looked at between samples.</param>
    public static KernelFigure Measure(AcceleratorStream stream, KernelBenchmark benchmark, CancellationToken cancellation)
    {
        Action<AcceleratorStream, int>? rival = benchmark.Rival;
        List<double> milliseconds = [], rivals = [];
        for (int i = 0; i < WarmUps; i++)
            SampleBoth();
        milliseconds.Clear();
        rivals.Clear();
        Stopwatch clock = Stopwatch.StartNew();
        while (milliseconds.Count < FewestSamples || milliseconds.Count < MostSamples && clock.Elapsed < _enough)
        {
            cancellation.ThrowIfCancellationRequested();
            SampleBoth();
        }
        double median = Statistics.Median(milliseconds);
        return new KernelFigure(benchmark.Group, benchmark.Name, benchmark.Unit, benchmark.Rate(median), median, milliseconds.Min(), milliseconds.Max(), milliseconds.Count)
        {
            Rival = rival is null ? null : benchmark.Rate(Statistics.Median(rivals)),
        };

        void SampleBoth()
        {
            milliseconds.Add(Sample(stream, benchmark.Launch, benchmark.Inputs));
            if (rival is not null)
                rivals.Add(Sample(stream, rival, benchmark.Inputs));
        }
    }

    /// <summary>Milliseconds of a launch.</summary>
    static double Sample(AcceleratorStream stream, Action<AcceleratorStream, int> launch, int inputs)
    {
        using ProfilingMarker start = stream.AddProfilingMarker();
        for (int input = 0; input < inputs; input++)
            launch(stream, input);
        using ProfilingMarker end = stream.AddProfilingMarker();
        return (end - start).TotalMilliseconds / inputs;
    }
}
