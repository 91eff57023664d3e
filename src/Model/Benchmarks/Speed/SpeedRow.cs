namespace IlgpuDca.Model.Benchmarks.Speed;

/// <summary>One test, over its repetitions.</summary>
/// <param name="Test">"pp512", "tg128 @ d2048".</param>
/// <param name="Attention">"dense" or "dca".</param>
/// <param name="Tokens">Tokens that were timed.</param>
/// <param name="Seconds">Of each repetition.</param>
public sealed record SpeedRow(string Test, string Attention, int Tokens, IReadOnlyList<double> Seconds)
{
    /// <summary>Tokens per second of each repetition.</summary>
    public IEnumerable<double> Rates => Seconds.Select(seconds => Tokens / seconds);

    /// <summary>Tokens per second.</summary>
    public double Mean => Rates.Average();

    /// <summary>Standard deviation of the rates; 0 for one repetition.</summary>
    public double Deviation => Statistics.Deviation([.. Rates]);

    /// <summary>Seconds from the prompt's ids to the first token's, of each repetition; empty where none was drawn from a prompt.</summary>
    public IReadOnlyList<double> FirstTokenSeconds { get; init; } = [];

    /// <summary>Seconds of beginning the text and of its first run, in which kernels are compiled that no test needed yet.</summary>
    public double WarmUpSeconds { get; init; }

    /// <summary>Tokens per second that the device's limits allow; null where they aren't known.</summary>
    public double? Roofline { get; init; }

    /// <summary>What the plan says that model and text take.</summary>
    public long PlannedBytes { get; init; }

    /// <summary>What the driver says that they took when the text was begun; null on the CPU.</summary>
    public long? ReportedBytes { get; init; }

    /// <summary>What the driver says that the repetitions added after the warm-up; null on the CPU.</summary>
    public long? GrowthBytes { get; init; }
}
