using IlgpuDca.Ilgpu.Runtime.Cpu.Races;

namespace IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;

/// <summary>The copy engine: loads, and each thread's stores with their groups.</summary>
sealed unsafe class TensorCopies(GroupUnits units)
{
    // The last number is the load's among its barrier's, where races are looked for.
    readonly Queue<(Caller Caller, TensorBox Box, int Barrier, int Number)> _loads = new();
    readonly Dictionary<int, List<PendingStore>> _stores = [];
    readonly Dictionary<int, int> _commits = [];

    public void Reset()
    {
        _loads.Clear();
        _stores.Clear();
        _commits.Clear();
    }

    public void Load(Caller caller, TensorBox box, int barrier)
    {
        Check(caller, box, stores: false);
        _loads.Enqueue((caller, box, barrier, units.Races?.Load(caller, box, barrier) ?? 0));
        if (units.Timing == AsynchronousTiming.AtIssue)
            RunLoad();
    }

    /// <summary>Performs the oldest load that waits; false without one.</summary>
    public bool RunLoad()
    {
        if (!_loads.TryDequeue(out (Caller Caller, TensorBox Box, int Barrier, int Number) load))
            return false;
        load.Box.Load(units.Shared);
        units.Proxies?.Clear(load.Box.Address, load.Box.Bytes);
        units.Races?.CompleteLoad(load.Barrier, load.Number);
        units.Phases.Complete(load.Caller, load.Barrier, load.Box.Bytes);
        return true;
    }

    public void Store(Caller caller, TensorBox box, bool add)
    {
        Check(caller, box, stores: true);
        for (int offset = 0; units.IsChecked && offset < box.Bytes; offset += SharedSwizzles.PieceBytes)
            units.CheckFenced(caller, box.PlaceOf(offset));
        units.Races?.Store(caller, box);
        PendingStore store = new(caller, box, add, _commits.GetValueOrDefault(caller.Thread));
        if (!_stores.TryGetValue(caller.Thread, out List<PendingStore>? stores))
            _stores[caller.Thread] = stores = [];
        stores.Add(store);
        if (units.Timing == AsynchronousTiming.AtIssue)
            store.Write(units.Shared);
    }

    public void Commit(Caller caller)
    {
        _commits[caller.Thread] = _commits.GetValueOrDefault(caller.Thread) + 1;
        units.Races?.Commit(caller.Thread, UnitKind.Store);
    }

    /// <summary>All but the thread's latest groups have read shared memory.</summary>
    public void WaitRead(Caller caller, int pending)
    {
        foreach (PendingStore store in Done(caller, pending))
        {
            store.Read(units.Shared);
            store.IsReadAwaited = true;
        }
        units.Races?.Await(caller.Thread, UnitKind.Store, pending);
    }

    /// <summary>All but the thread's latest groups are written.</summary>
    public void Wait(Caller caller, int pending)
    {
        foreach (PendingStore store in Done(caller, pending))
            store.Write(units.Shared);
        units.Races?.Await(caller.Thread, UnitKind.Store, pending);
        _stores.GetValueOrDefault(caller.Thread)?.RemoveAll(store => IsDone(caller, store, pending));
    }

    /// <summary>Writes what was read; nothing else may be left.</summary>
    public void Finish(bool isChecked)
    {
        if (isChecked && _loads.TryPeek(out (Caller Caller, TensorBox Box, int Barrier, int Number) load))
            throw units.Fault(load.Caller, "the kernel ends before this copy was waited for; wait for its mbarrier's phase");
        foreach (List<PendingStore> stores in _stores.Values)
        {
            foreach (PendingStore store in stores)
            {
                if (isChecked && !store.IsReadAwaited)
                    throw units.Fault(store.Caller, "the thread ends before this store has read shared memory; call Tma.Commit and "
                        + "Tma.WaitRead(0) or Tma.Wait(0)");
                store.Write(units.Shared);
            }
        }
    }

    IEnumerable<PendingStore> Done(Caller caller, int pending) =>
        _stores.TryGetValue(caller.Thread, out List<PendingStore>? stores)
            ? stores.Where(store => IsDone(caller, store, pending)) : [];

    bool IsDone(Caller caller, PendingStore store, int pending) =>
        store.Group < _commits.GetValueOrDefault(caller.Thread) - pending;

    void Check(Caller caller, TensorBox box, bool stores)
    {
        if (box.Mistake(units.SharedBytes, stores) is { } mistake)
            throw units.Fault(caller, mistake);
    }
}
