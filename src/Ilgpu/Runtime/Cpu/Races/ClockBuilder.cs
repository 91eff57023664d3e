namespace IlgpuDca.Ilgpu.Runtime.Cpu.Races;

/// <summary>A clock that grows as threads arrive somewhere.</summary>
sealed class ClockBuilder(int threads)
{
    int[] _epochs = new int[threads];
    Clock? _latest;

    /// <summary>What comes before the clock comes before the result.</summary>
    public void Add(Clock clock)
    {
        // Threads that left one barrier share a clock.
        if (ReferenceEquals(clock, _latest))
            return;
        Reserve(clock.Epochs.Length);
        Clock.Raise(_epochs, clock.Epochs);
        _latest = clock;
    }

    /// <summary>So do the epochs of an actor up to one.</summary>
    public void Add(int actor, int epoch)
    {
        Reserve(actor + 1);
        _epochs[actor] = Math.Max(_epochs[actor], epoch);
    }

    /// <summary>The clock; the builder must not be used afterwards.</summary>
    public Clock Build() => new(_epochs, threads);

    void Reserve(int length)
    {
        if (_epochs.Length < length)
            Array.Resize(ref _epochs, length);
    }
}
