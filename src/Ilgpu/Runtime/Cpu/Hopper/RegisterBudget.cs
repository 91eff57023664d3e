namespace IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;

/// <summary>
/// The registers that a group's warpgroups hold. A group starts with as many for each thread as a multiprocessor's 65,536 allow, in
/// eights; warpgroups exchange them.
/// </summary>
sealed class RegisterBudget(GroupUnits units)
{
    const int Registers = 65_536, Unit = 8, MostOfAThread = 255;

    readonly Dictionary<int, (int Count, Caller Caller)> _held = [];

    int AtLaunch => Math.Min(Registers / units.Threads, MostOfAThread) / Unit * Unit;

    public void Reset() => _held.Clear();

    public void Set(Caller caller, int count) => _held[caller.Thread / WarpgroupProduct.Threads] = (count, caller);

    /// <summary>What all hold in the end must be what there was.</summary>
    public void Finish()
    {
        if (_held.Count == 0)
            return;
        int sum = 0;
        for (int first = 0; first < units.Threads; first += WarpgroupProduct.Threads)
            sum += (_held.TryGetValue(first / WarpgroupProduct.Threads, out var held) ? held.Count : AtLaunch)
                * Math.Min(WarpgroupProduct.Threads, units.Threads - first);
        (int most, Caller caller) = _held.Values.MaxBy(held => held.Count);
        if (sum > AtLaunch * units.Threads)
            throw units.Fault(caller, $"the warpgroups end with {sum} registers, {most} a thread here; a group of {units.Threads} threads "
                + $"has {AtLaunch * units.Threads}, so that some would wait forever");
    }
}
