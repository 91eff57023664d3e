namespace IlgpuDca.Model.Benchmarks.KernelSpeed;

/// <summary>How fast a kernel was.</summary>
/// <param name="Group">What it belongs to.</param>
/// <param name="Name">As the anchors call it.</param>
/// <param name="Unit">"GB/s", "TFLOP/s" or "draws/s".</param>
/// <param name="Value">The rate of the median launch.</param>
/// <param name="Milliseconds">Of the median launch.</param>
/// <param name="Fastest">Milliseconds of the fastest sample's launches.</param>
/// <param name="Slowest">Milliseconds of the slowest sample's launches.</param>
/// <param name="Samples">How many were taken.</param>
public sealed record KernelFigure(KernelGroup Group, string Name, string Unit, double Value, double Milliseconds, double Fastest, double Slowest, int Samples)
{
    /// <summary>The median rate of <see cref="KernelBenchmark.Rival"/>, in turn with this one; null where there is none.</summary>
    public double? Rival { get; init; }
}
