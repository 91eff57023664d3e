namespace IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;

/// <summary>The mbarriers of a group: their state lies in its shared memory.</summary>
sealed unsafe class PhaseBarriers(GroupUnits units)
{
    public void Initialize(Caller caller, int address, int arrivals)
    {
        ulong* bits = At(caller, address);
        if (arrivals is < 1 or > PhaseState.Limit)
            throw units.Fault(caller, $"an mbarrier of {arrivals} arrivals; 1 to {PhaseState.Limit} are possible");
        units.Races?.InitializeBarrier(caller, address);
        *bits = new PhaseState(arrivals, arrivals, 0, 0).Pack();
    }

    /// <summary>Adds bytes to what the phase waits for, and arrives.</summary>
    public void Arrive(Caller caller, int address, int bytes)
    {
        PhaseState state = Read(caller, address, "arrives at");
        if (bytes is < 0 or > PhaseState.Limit)
            throw units.Fault(caller, $"expects {bytes} bytes at once; 0 to {PhaseState.Limit} are possible");
        if (state.Pending == 0)
            throw units.Fault(caller, $"arrives at {Name(address)}, all of whose {state.Expected} arrivals have come while "
                + $"{state.Bytes} bytes of the phase are missing; initialise it with as many arrivals as come in a phase");
        state.Bytes += bytes;
        state.Pending--;
        units.Races?.Arrive(caller, address);
        Write(caller, address, state);
    }

    /// <summary>Bytes of a copy have come.</summary>
    public void Complete(Caller caller, int address, int bytes)
    {
        PhaseState state = Read(caller, address, "copies for");
        state.Bytes -= bytes;
        Write(caller, address, state);
    }

    /// <summary>Whether the latest phase of this parity is complete.</summary>
    public bool IsComplete(Caller caller, int address, int parity)
    {
        ulong bits = *At(caller, address);
        if (!PhaseState.IsInitialized(bits))
            throw units.Fault(caller, $"waits for {Name(address)}, which is not initialised");
        return PhaseState.ParityOf(bits) != (parity & 1);
    }

    /// <summary>What a wait is for.</summary>
    public string Describe(int address, int parity)
    {
        PhaseState state = PhaseState.Unpack(*(ulong*)(units.Shared + address));
        return $"{Name(address)}, parity {parity & 1} ({state.Pending} of {state.Expected} arrivals and {state.Bytes} bytes missing)";
    }

    static string Name(int address) => $"the mbarrier at byte {address} of shared memory";

    ulong* At(Caller caller, int address) => (uint)address <= units.SharedBytes - sizeof(ulong) && address % sizeof(ulong) == 0
        ? (ulong*)(units.Shared + address)
        : throw units.Fault(caller, $"an mbarrier at byte {address} of {units.SharedBytes} of shared memory; "
            + $"it must lie inside, at a multiple of {sizeof(ulong)}");

    PhaseState Read(Caller caller, int address, string what)
    {
        ulong bits = *At(caller, address);
        return PhaseState.IsInitialized(bits)
            ? PhaseState.Unpack(bits)
            : throw units.Fault(caller, $"{what} {Name(address)}, which is not initialised");
    }

    void Write(Caller caller, int address, PhaseState state)
    {
        if (state.Bytes is < -PhaseState.Limit or > PhaseState.Limit)
            throw units.Fault(caller, $"{state.Bytes} bytes are missing at {Name(address)}; {PhaseState.Limit} are possible");
        if (state is { Pending: 0, Bytes: < 0 })
            throw units.Fault(caller, $"{-state.Bytes} bytes more than expected have come to {Name(address)} when its last arrival "
                + "was there; expect the bytes of whole boxes, what is outside the tensor included");
        if (state.IsComplete)
        {
            units.Races?.CompletePhase(address, state.Parity);
            state = state with { Pending = state.Expected, Parity = state.Parity ^ 1 };
        }
        *(ulong*)(units.Shared + address) = state.Pack();
    }
}
