namespace IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;

/// <summary>The barriers 1 to 15 of a group.</summary>
sealed class NamedBarriers(GroupUnits units)
{
    const int Count = 16, WarpSize = FrameLayout.WarpSize;

    readonly int[] _arrived = new int[Count];
    readonly int[] _expected = new int[Count];
    readonly int[] _openings = new int[Count];
    readonly Caller[] _latest = new Caller[Count];

    public void Reset()
    {
        Array.Clear(_arrived);
        Array.Clear(_openings);
    }

    /// <summary>A thread comes.</summary>
    /// <returns>The identifier, and above it how often the barrier had opened: see <see cref="IsOpen"/>.</returns>
    public long Arrive(Caller caller, int identifier, int threads)
    {
        if (identifier is < 1 or >= Count)
            throw units.Fault(caller, $"comes to the named barrier {identifier}; 1 to {Count - 1} are possible");
        if (threads < WarpSize || threads % WarpSize != 0 || threads > units.Threads)
            throw units.Fault(caller, $"comes to the named barrier {identifier} of {threads} threads; a multiple of {WarpSize} up to "
                + $"the group's {units.Threads} is possible");
        if (_arrived[identifier] != 0 && _expected[identifier] != threads)
            throw units.Fault(caller, $"comes to the named barrier {identifier} of {threads} threads, where others wait for "
                + $"{_expected[identifier]}; all must say the same number");
        long ticket = (long)_openings[identifier] << 32 | (uint)identifier;
        (_expected[identifier], _latest[identifier]) = (threads, caller);
        bool opens = ++_arrived[identifier] == threads;
        units.Races?.Enter(caller, identifier, opens);
        if (opens)
        {
            _arrived[identifier] = 0;
            _openings[identifier]++;
        }
        return ticket;
    }

    /// <summary>Whether the barrier has opened since a thread came.</summary>
    public bool IsOpen(long ticket) => _openings[(int)ticket] != (int)(ticket >> 32);

    public string Describe(long ticket)
    {
        int identifier = (int)ticket;
        return $"the named barrier {identifier} ({_arrived[identifier]} of {_expected[identifier]} threads have come)";
    }

    /// <summary>No barrier may be left half full.</summary>
    public void Finish()
    {
        for (int identifier = 1; identifier < Count; identifier++)
            if (_arrived[identifier] != 0)
                throw units.Fault(_latest[identifier], $"the kernel ends with {Describe(identifier)}");
    }
}
