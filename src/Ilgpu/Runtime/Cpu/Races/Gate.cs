namespace IlgpuDca.Ilgpu.Runtime.Cpu.Races;

/// <summary>One opening of a named barrier.</summary>
sealed class Gate(int threads)
{
    Clock? _clock;

    /// <summary>Who has come.</summary>
    public ClockBuilder Arrived { get; } = new(threads);

    /// <summary>What they had done; nobody comes any more.</summary>
    public Clock Clock => _clock ??= Arrived.Build();
}
