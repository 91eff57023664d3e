using IlgpuDca.Ilgpu.Diagnostics;
using IlgpuDca.Ilgpu.Ir;
using IlgpuDca.Ilgpu.Runtime.Cpu.Races;

namespace IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;

/// <summary>
/// The asynchronous units for the group that a worker runs: threads' own copies, and Hopper's mbarriers, named barriers,
/// copy engine and tensor cores.
/// </summary>
sealed unsafe class GroupUnits
{
    [ThreadStatic]
    static GroupUnits? _current;

    readonly CpuKernel _kernel;
    readonly Warpgroup?[] _warpgroups;
    GroupContext* _context;

    public GroupUnits(CpuKernel kernel, int threads, long sharedBytes, UnitRaces? races)
    {
        (_kernel, Threads, SharedBytes, Races) = (kernel, threads, sharedBytes, races);
        _warpgroups = new Warpgroup?[threads / WarpgroupProduct.Threads];
        (Phases, Named, Copies, ThreadCopies, Registers) = (new(this), new(this), new(this), new(this), new(this));
        Proxies = IsChecked ? new ProxyFences(threads, sharedBytes) : null;
    }

    /// <summary>Those of the group that this worker runs.</summary>
    public static GroupUnits Current => _current!;

    public int Threads { get; }

    public long SharedBytes { get; }

    public byte* Shared => _context->Shared;

    public bool IsChecked => _kernel.Plan.IsChecked;

    public AsynchronousTiming Timing => _kernel.Timing;

    public PhaseBarriers Phases { get; }

    public NamedBarriers Named { get; }

    public TensorCopies Copies { get; }

    public ThreadCopies ThreadCopies { get; }

    public RegisterBudget Registers { get; }

    /// <summary>Null where nothing is checked.</summary>
    public ProxyFences? Proxies { get; }

    /// <summary>Null where races are not looked for.</summary>
    public UnitRaces? Races { get; }

    /// <summary>A group starts.</summary>
    public void Begin(GroupContext* context)
    {
        _current = this;
        _context = context;
        Named.Reset();
        Copies.Reset();
        ThreadCopies.Reset();
        Registers.Reset();
        Proxies?.Reset();
        foreach (Warpgroup? warpgroup in _warpgroups)
            warpgroup?.Reset();
    }

    /// <summary>All threads have returned.</summary>
    public void Finish()
    {
        Copies.Finish(IsChecked);
        if (!IsChecked)
            return;
        ThreadCopies.Finish();
        Named.Finish();
        Registers.Finish();
        foreach (Warpgroup? warpgroup in _warpgroups)
            warpgroup?.Finish();
    }

    public Warpgroup WarpgroupOf(Caller caller)
    {
        int index = caller.Thread / WarpgroupProduct.Threads;
        return index < _warpgroups.Length
            ? _warpgroups[index] ??= new Warpgroup(this, index * WarpgroupProduct.Threads)
            : throw Fault(caller, $"an operation of a warpgroup in a group of {Threads} threads; a warpgroup is 128 threads, the first "
                + "at a multiple of 128");
    }

    /// <summary>Whether the lanes may go on from a wait; throws where it can never end.</summary>
    /// <param name="wait">Where they stand.</param>
    /// <param name="frame">Their warp's frame.</param>
    /// <param name="firstThread">Lane 0's index in the group.</param>
    /// <param name="first">The first lane.</param>
    /// <param name="end">The position after the last.</param>
    public bool IsOpen(Suspension wait, byte* frame, int firstThread, int first, int end)
    {
        long* wide = (long*)(frame + FrameLayout.OperandAt(0, sizeof(long)));
        int* left = (int*)(frame + FrameLayout.OperandAt(0, sizeof(int)));
        int* right = (int*)(frame + FrameLayout.OperandAt(1, sizeof(int)));
        for (int lane = first; lane < end; lane++)
        {
            // The lanes of a warp mostly wait for the same.
            bool open = wait.Kind switch
            {
                SuspensionKind.NamedBarrier => lane > first && wide[lane] == wide[lane - 1] || Named.IsOpen(wide[lane]),
                SuspensionKind.Multiplications => lane > first && left[lane] == left[lane - 1]
                    || WarpgroupOf(new Caller(firstThread + lane, wait.Site)).IsDone(left[lane]),
                _ => lane > first && left[lane] == left[lane - 1] && right[lane] == right[lane - 1]
                    || Phases.IsComplete(new Caller(firstThread + lane, wait.Site), left[lane], right[lane]),
            };
            if (!open)
                return false;
        }
        return true;
    }

    /// <summary>What a lane waits for.</summary>
    public string Describe(Suspension wait, byte* frame, int firstThread, int lane)
    {
        int* left = (int*)(frame + FrameLayout.OperandAt(0, sizeof(int)));
        int* right = (int*)(frame + FrameLayout.OperandAt(1, sizeof(int)));
        return wait.Kind switch
        {
            SuspensionKind.NamedBarrier =>
                Named.Describe(((long*)(frame + FrameLayout.OperandAt(0, sizeof(long))))[lane]),
            SuspensionKind.Multiplications =>
                WarpgroupOf(new Caller(firstThread + lane, wait.Site)).Describe(left[lane]),
            _ => Phases.Describe(left[lane], right[lane]),
        };
    }

    /// <summary>The copy engine or the tensor cores read 16 bytes: whoever wrote them must have called Tma.Fence since.</summary>
    public void CheckFenced(Caller caller, int offset)
    {
        if (Proxies?.FindUnfenced(offset, SharedSwizzles.PieceBytes) is { } writer and >= 0)
            throw Fault(caller, $"reads byte {offset} of shared memory, which thread {writer} of the group has written without Tma.Fence "
                + "since; call it between the writes and the barrier before this");
    }

    /// <summary>The multiplication that a place is.</summary>
    public HopperInfo InfoOf(int site) => (HopperInfo)_kernel.InstructionAt(site).Payload!;

    /// <summary>The C# line of a call.</summary>
    public string Where(Caller caller) => SourceLines.Describe(_kernel.InstructionAt(caller.Site).Location);

    /// <summary>The error of a misuse.</summary>
    public KernelException Fault(Caller caller, string what)
    {
        (int x, int y) = (_context->GroupDimX, _context->GroupDimY);
        return new KernelException($"{_kernel.Name}: {what}: {Where(caller)}, "
            + $"group ({_context->GridIdxX}, {_context->GridIdxY}, {_context->GridIdxZ}), "
            + $"thread ({caller.Thread % x}, {caller.Thread / x % y}, {caller.Thread / x / y}).");
    }
}
