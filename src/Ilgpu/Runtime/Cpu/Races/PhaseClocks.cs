namespace IlgpuDca.Ilgpu.Runtime.Cpu.Races;

/// <summary>What is known to those who have waited for an mbarrier.</summary>
sealed class PhaseClocks(int threads)
{
    readonly Clock[] _complete = [Clock.Zero, Clock.Zero];

    /// <summary>Who has arrived in the current phase.</summary>
    public ClockBuilder Arrived { get; private set; } = new(threads);

    /// <summary>The phase is complete.</summary>
    public void Complete(int parity) => (_complete[parity], Arrived) = (Arrived.Build(), new ClockBuilder(threads));

    /// <summary>What came before the end of the latest phase of a parity.</summary>
    public Clock Of(int parity) => _complete[parity];
}
