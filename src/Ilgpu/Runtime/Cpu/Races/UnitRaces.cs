using IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;

namespace IlgpuDca.Ilgpu.Runtime.Cpu.Races;

/// <summary>
/// What orders accesses beside group and warp barriers: mbarriers, named barriers, and the waits for copies, loads, stores and
/// multiplications, each of which touches shared memory from its issue until somebody has waited for it.
/// </summary>
sealed class UnitRaces(Actors actors, ShadowMemory shadow)
{
    const int BarrierBytes = sizeof(ulong), Piece = SharedSwizzles.PieceBytes;

    readonly Dictionary<int, PhaseClocks> _phases = [];
    readonly Dictionary<int, Unit> _loads = [];
    readonly Dictionary<int, Gate> _gates = [];
    readonly Dictionary<int, Unit> _warpgroups = [];
    readonly Gate?[] _entered = new Gate?[actors.Threads];

    /// <summary>By warp: what its lanes had done when they committed each group of multiplications.</summary>
    readonly List<Gate>[] _commits = [.. Enumerable.Range(0, actors.FirstUnit / FrameLayout.WarpSize).Select(_ => new List<Gate>())];
    readonly int[] _committed = new int[actors.Threads];

    /// <summary>A group starts.</summary>
    public void Reset()
    {
        _phases.Clear();
        _loads.Clear();
        _gates.Clear();
        _warpgroups.Clear();
        Array.Clear(_entered);
        Array.Clear(_committed);
        foreach (List<Gate> commits in _commits)
            commits.Clear();
    }

    /// <summary>An mbarrier begins.</summary>
    public void InitializeBarrier(Caller caller, int address)
    {
        shadow.Touch(address, BarrierBytes, By(caller, AccessKind.Write));
        _phases[address] = new PhaseClocks(actors.Threads);
    }

    /// <summary>A thread arrives: whoever waits for the phase comes after what it has done.</summary>
    public void Arrive(Caller caller, int address)
    {
        shadow.Touch(address, BarrierBytes, By(caller, AccessKind.Atomic));
        actors.Release(caller.Thread, PhasesOf(address).Arrived);
    }

    /// <summary>The phase of an mbarrier is complete.</summary>
    public void CompletePhase(int address, int parity) => PhasesOf(address).Complete(parity);

    /// <summary>A thread has waited for a phase.</summary>
    public void LeaveWait(Caller caller, int address, int parity)
    {
        shadow.Touch(address, BarrierBytes, By(caller, AccessKind.Atomic));
        actors.Acquire(caller.Thread, PhasesOf(address).Of(parity & 1));
    }

    /// <summary>A thread comes to a named barrier.</summary>
    public void Enter(Caller caller, int identifier, bool opens)
    {
        if (!_gates.TryGetValue(identifier, out Gate? gate))
            _gates[identifier] = gate = new Gate(actors.Threads);
        actors.Release(caller.Thread, gate.Arrived);
        _entered[caller.Thread] = gate;
        if (opens)
            _gates.Remove(identifier);
    }

    /// <summary>A thread goes on from the named barrier that it came to last.</summary>
    public void LeaveGate(int thread) => actors.Acquire(thread, _entered[thread]!.Clock);

    /// <summary>A thread asks for a load.</summary>
    /// <returns>Its number, for <see cref="CompleteLoad"/>.</returns>
    public int Load(Caller caller, TensorBox box, int barrier)
    {
        if (!_loads.TryGetValue(barrier, out Unit? unit))
            _loads[barrier] = unit = actors.AddUnit(UnitKind.Load, -1);
        shadow.Touch(barrier, BarrierBytes, By(caller, AccessKind.Atomic));
        TouchBox(caller, unit, box, AccessKind.Write);
        return unit.Epoch;
    }

    /// <summary>Whoever waits for the mbarrier's phase comes after the load.</summary>
    public void CompleteLoad(int barrier, int load) => PhasesOf(barrier).Arrived.Add(_loads[barrier].Actor, load);

    /// <summary>A thread asks for a store.</summary>
    public void Store(Caller caller, TensorBox box) =>
        TouchBox(caller, actors.OwnUnit(UnitKind.Store, caller.Thread), box, AccessKind.Read);

    /// <summary>A thread asks for a copy of its own.</summary>
    public void Copy(Caller caller, int target, int bytes)
    {
        Unit unit = actors.OwnUnit(UnitKind.Copy, caller.Thread);
        unit.Begin();
        shadow.Touch(target, bytes, By(caller, unit, AccessKind.Write));
    }

    /// <summary>A thread's stores or copies since the last commit become a group.</summary>
    public void Commit(int thread, UnitKind kind) => actors.OwnUnit(kind, thread).Commit();

    /// <summary>A thread has waited for all but its latest groups of stores or copies.</summary>
    public void Await(int thread, UnitKind kind, int pending) => actors.OwnUnit(kind, thread).Await(pending);

    /// <summary>What came before the issue of a multiplication by all threads so far.</summary>
    public Clock Issue(int thread, Clock? before) => before is null
        ? actors.KnownTo(thread)
        : Clock.Meet(before, actors.KnownTo(thread), actors.Threads);

    /// <summary>A warpgroup's threads have all asked for a multiplication.</summary>
    /// <param name="caller">Who came first.</param>
    /// <param name="warpgroup">Its index in the group.</param>
    /// <param name="pieces">Where the 16 bytes of its operands are.</param>
    /// <param name="before">What came before for all of them.</param>
    public void Multiply(Caller caller, int warpgroup, IEnumerable<int> pieces, Clock before)
    {
        Unit unit = UnitOf(warpgroup);
        Access access = new(unit.Actor, unit.Begin(), AccessKind.Read, caller.Site, -1, before);
        foreach (int piece in pieces)
            shadow.Touch(piece, Piece, access);
    }

    /// <summary>A thread's multiplications since its last commit become a group.</summary>
    public void CommitMultiplications(int thread)
    {
        List<Gate> commits = _commits[thread / FrameLayout.WarpSize];
        if (_committed[thread] == commits.Count)
            commits.Add(new Gate(actors.Threads));
        actors.Release(thread, commits[_committed[thread]++].Arrived);
    }

    /// <summary>All threads of a warpgroup have committed a group.</summary>
    public void CompleteCommit(int warpgroup) => UnitOf(warpgroup).Commit();

    /// <summary>
    /// A thread has waited for the first so many groups of its warpgroup: for the reads of all 128 parts, and for what the lanes of its
    /// warp did before them, since the multiplications took their registers.
    /// </summary>
    public void LeaveMultiplications(int thread, int groups)
    {
        if (groups == 0)
            return;
        Unit unit = UnitOf(thread / WarpgroupProduct.Threads);
        actors.Acquire(thread, unit, unit.EpochOf(groups));
        actors.Acquire(thread, _commits[thread / FrameLayout.WarpSize][groups - 1].Clock);
    }

    PhaseClocks PhasesOf(int address)
    {
        if (!_phases.TryGetValue(address, out PhaseClocks? phases))
            _phases[address] = phases = new PhaseClocks(actors.Threads);
        return phases;
    }

    Unit UnitOf(int warpgroup)
    {
        if (!_warpgroups.TryGetValue(warpgroup, out Unit? unit))
            _warpgroups[warpgroup] = unit = actors.AddUnit(UnitKind.Multiplication, -1);
        return unit;
    }

    void TouchBox(Caller caller, Unit unit, TensorBox box, AccessKind kind)
    {
        unit.Begin();
        Access access = By(caller, unit, kind);
        for (int offset = 0; offset < box.Bytes; offset += Piece)
            shadow.Touch(box.PlaceOf(offset), Piece, access);
    }

    Access By(Caller caller, AccessKind kind) =>
        new(caller.Thread, actors.EpochOf(caller.Thread), kind, caller.Site, caller.Thread, actors.KnownTo(caller.Thread));

    Access By(Caller caller, Unit unit, AccessKind kind) =>
        new(unit.Actor, unit.Epoch, kind, caller.Site, caller.Thread, actors.KnownTo(caller.Thread));
}
