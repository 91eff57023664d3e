namespace IlgpuDca.Ilgpu.Runtime.Cpu.Races;

/// <summary>
/// Finds accesses to shared memory of the group that a worker runs that nothing orders, whatever order they happened to run in.
/// </summary>
sealed unsafe class GroupRaces
{
    [ThreadStatic]
    static GroupRaces? _current;

    readonly Actors _actors;
    readonly ShadowMemory _shadow;
    readonly RaceReport _report;
    GroupContext* _context;

    public GroupRaces(int threads, long sharedBytes, RaceReport report)
    {
        (_actors, _report) = (new Actors(threads), report);
        _shadow = new ShadowMemory(sharedBytes, _actors, Report);
        Units = new UnitRaces(_actors, _shadow);
    }

    /// <summary>Those of the group that this worker runs.</summary>
    public static GroupRaces Current => _current!;

    /// <summary>What asynchronous units do, and the barriers that wait for them.</summary>
    public UnitRaces Units { get; }

    /// <summary>A group starts.</summary>
    public void Begin(GroupContext* context)
    {
        _current = this;
        _context = context;
        _actors.Reset();
        _shadow.Reset();
        Units.Reset();
    }

    /// <summary>A thread touches memory; what is not shared is left out.</summary>
    public void Touch(int thread, nint address, int bytes, AccessKind kind, int site) =>
        _shadow.Touch(address - (nint)_context->Shared, bytes,
            new Access(thread, _actors.EpochOf(thread), kind, site, thread, _actors.KnownTo(thread)));

    /// <summary>Threads leave a barrier of theirs.</summary>
    public void Meet(ReadOnlySpan<int> threads) => _actors.Meet(threads);

    void Report(PriorAccess prior, Access access, int offset) => _report.Add(_context, _actors, prior, access, offset);
}
