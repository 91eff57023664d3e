namespace IlgpuDca.Ilgpu.Runtime.Cpu.Races;

/// <summary>
/// Who touches a group's memory, and what each knows to be over. The first actors are the group's threads; from
/// <see cref="FirstUnit"/> on follow the units that work for them, in the order of their first use.
/// </summary>
/// <remarks>
/// As in FastTrack (Flanagan and Freund, PLDI 2009) a thread's epoch counts what it has let others know; an access at an epoch comes
/// before whoever knows that epoch. Threads that meet at a barrier go on at the same epoch, so that what they do then can be kept together.
/// </remarks>
sealed class Actors
{
    readonly int[] _epochs;
    readonly Clock[] _known;
    readonly List<Unit>?[] _owned;
    readonly List<Unit> _units = [];
    (Clock Known, Clock Other, Clock Joined) _latestJoin = (Clock.Zero, Clock.Zero, Clock.Zero);
    (Unit? Unit, int Epoch, Clock Clock) _latestUnit = (null, 0, Clock.Zero);

    public Actors(int threads)
    {
        (Threads, FirstUnit) = (threads, FrameLayout.AlignUp(threads, FrameLayout.WarpSize));
        (_epochs, _known, _owned) = (new int[threads], new Clock[threads], new List<Unit>?[threads]);
        Reset();
    }

    public int Threads { get; }

    /// <summary>The first actor that is no thread: a multiple of 32.</summary>
    public int FirstUnit { get; }

    /// <summary>A group starts: nobody knows of anything.</summary>
    public void Reset()
    {
        Array.Fill(_epochs, 1);
        Array.Fill(_known, Clock.Zero);
        Array.Clear(_owned);
        _units.Clear();
    }

    public int EpochOf(int thread) => _epochs[thread];

    public Clock KnownTo(int thread) => _known[thread];

    public Unit UnitOf(int actor) => _units[actor - FirstUnit];

    /// <summary>A new unit.</summary>
    /// <param name="thread">Who alone waits for it, or -1.</param>
    public Unit AddUnit(UnitKind kind, int thread)
    {
        Unit unit = new(kind, FirstUnit + _units.Count, thread);
        _units.Add(unit);
        if (thread >= 0)
            (_owned[thread] ??= []).Add(unit);
        return unit;
    }

    /// <summary>The thread's own unit of a kind; made when it is first asked for.</summary>
    public Unit OwnUnit(UnitKind kind, int thread) =>
        _owned[thread]?.Find(unit => unit.Kind == kind) ?? AddUnit(kind, thread);

    /// <summary>Whether what an actor did in an epoch comes before what a thread, or a unit that it asks, does now.</summary>
    /// <param name="actor">Who did it.</param>
    /// <param name="epoch">When.</param>
    /// <param name="thread">The thread; -1 where only the clock counts.</param>
    /// <param name="known">What it knows.</param>
    public bool IsBefore(int actor, int epoch, int thread, Clock known) => actor == thread || epoch <= known[actor]
        || actor >= FirstUnit && UnitOf(actor) is var unit && unit.Thread == thread && epoch <= unit.Awaited && thread >= 0;

    /// <summary>A thread lets whoever reads the builder's clock know what it has done so far.</summary>
    public void Release(int thread, ClockBuilder builder)
    {
        Tell(thread, builder);
        builder.Add(thread, _epochs[thread]++);
    }

    /// <summary>A thread gets to know a clock.</summary>
    public void Acquire(int thread, Clock clock)
    {
        // Threads that share a clock mostly learn the same.
        if (!ReferenceEquals(_latestJoin.Known, _known[thread]) || !ReferenceEquals(_latestJoin.Other, clock))
            _latestJoin = (_known[thread], clock, Clock.Join(_known[thread], clock, Threads));
        _known[thread] = _latestJoin.Joined;
    }

    /// <summary>A thread gets to know that a unit's operations up to one are over.</summary>
    public void Acquire(int thread, Unit unit, int epoch)
    {
        if (_latestUnit.Unit != unit || _latestUnit.Epoch != epoch)
            _latestUnit = (unit, epoch, Clock.Zero.With(unit.Actor, epoch));
        Acquire(thread, _latestUnit.Clock);
    }

    /// <summary>Threads meet: each knows all that the others have done so far.</summary>
    public void Meet(ReadOnlySpan<int> threads)
    {
        ClockBuilder builder = new(Threads);
        int latest = 0;
        foreach (int thread in threads)
        {
            Tell(thread, builder);
            latest = Math.Max(latest, _epochs[thread]);
        }
        foreach (int thread in threads)
            builder.Add(thread, latest);
        Clock clock = builder.Build();
        foreach (int thread in threads)
            (_known[thread], _epochs[thread]) = (clock, latest + 1);
    }

    void Tell(int thread, ClockBuilder builder)
    {
        builder.Add(_known[thread]);
        if (_owned[thread] is { } owned)
            foreach (Unit unit in owned)
                builder.Add(unit.Actor, unit.Awaited);
    }
}
