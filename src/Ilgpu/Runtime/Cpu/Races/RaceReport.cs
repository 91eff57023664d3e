using System.Text;
using IlgpuDca.Ilgpu.Diagnostics;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Runtime.Cpu.Races;

/// <summary>The races of a launch: pairs of places, each with an example and how often it was seen.</summary>
sealed unsafe class RaceReport(CpuKernel kernel)
{
    /// <summary>Pairs that a message shows.</summary>
    const int ShownPairs = 12;

    // By place and not by instruction: an unrolled loop has many of one line.
    readonly Dictionary<(SourceLocation Prior, AccessKind PriorKind, SourceLocation Later, AccessKind LaterKind),
        (string Example, long Count)> _pairs = [];
    readonly Lock _adding = new();

    /// <summary>Two accesses that nothing orders.</summary>
    public void Add(GroupContext* context, Actors actors, in PriorAccess prior, in Access access, int offset)
    {
        lock (_adding)
        {
            var key = (LocationOf(prior.Site), prior.Kind, LocationOf(access.Site), access.Kind);
            _pairs[key] = _pairs.TryGetValue(key, out (string Example, long Count) known)
                ? known with { Count = known.Count + 1 }
                : (Describe(context, actors, prior, access, offset), 1);
        }
    }

    /// <summary>Ends a launch that had races.</summary>
    /// <exception cref="KernelException">It had.</exception>
    public void ThrowIfAny()
    {
        if (_pairs.Count == 0)
            return;
        StringBuilder text = new($"{kernel.Name}: {_pairs.Count} pair{(_pairs.Count == 1 ? "" : "s")} of accesses race:");
        foreach ((string example, long count) in _pairs.Values.OrderByDescending(pair => pair.Count).Take(ShownPairs))
            text.Append($"\n  {example} Seen {count} time{(count == 1 ? "" : "s")}.");
        if (_pairs.Count > ShownPairs)
            text.Append($"\n  And {_pairs.Count - ShownPairs} more.");
        throw new KernelException(text.ToString());
    }

    string Describe(GroupContext* context, Actors actors, in PriorAccess prior, in Access access, int offset) =>
        $"{Who(context, actors, access.Actor)} {Verb(access.Kind)} byte {offset} of shared memory ({VariableAt(offset)}): "
        + $"{Where(access.Site)}; {Who(context, actors, prior.Actor)} {Verb(prior.Kind)} it: {Where(prior.Site)}; "
        + $"nothing orders the two, group ({context->GridIdxX}, {context->GridIdxY}, {context->GridIdxZ}). {Advice(actors, prior, access)}";

    SourceLocation LocationOf(int site) => kernel.InstructionAt(site).Location;

    string Where(int site) => SourceLines.Describe(LocationOf(site));

    string VariableAt(int offset) => kernel.Plan.SharedAllocationAt(offset) is { } found
        ? $"byte {offset - kernel.Plan.OffsetOf(found)} of what is allocated in {SourceLines.Describe(found.Location)}"
        : $"byte {offset - kernel.StaticSharedBytes} of the dynamic part";

    static string Verb(AccessKind kind) => kind switch
    {
        AccessKind.Read => "reads",
        AccessKind.Write => "writes",
        _ => "changes atomically",
    };

    static string Who(GroupContext* context, Actors actors, int actor)
    {
        if (actor < actors.FirstUnit)
            return Thread(context, actor);
        Unit unit = actors.UnitOf(actor);
        return unit.Kind switch
        {
            UnitKind.Copy => $"an asynchronous copy of {Thread(context, unit.Thread)}",
            UnitKind.Load => "a load of a box",
            UnitKind.Store => $"a store of a box by {Thread(context, unit.Thread)}",
            _ => "a multiplication of a warpgroup",
        };
    }

    static string Thread(GroupContext* context, int thread)
    {
        (int x, int y) = (context->GroupDimX, context->GroupDimY);
        return $"thread ({thread % x}, {thread / x % y}, {thread / x / y})";
    }

    /// <summary>What would order the two.</summary>
    static string Advice(Actors actors, in PriorAccess prior, in Access access)
    {
        if (prior.Actor >= actors.FirstUnit)
            return actors.UnitOf(prior.Actor).Kind switch
            {
                UnitKind.Copy => "Between them: AsyncCopy.Wait by the thread that copies, then a barrier for the others.",
                UnitKind.Load => "Between them: Mbarrier.Wait for the phase that the load completes.",
                UnitKind.Store => "Between them: Tma.WaitRead by the thread that stores, then a barrier for the others.",
                _ => "Between them: Wgmma.Wait, then an arrival or barrier that the writer waits for.",
            };
        if (access.Actor >= actors.FirstUnit)
            return "Before it is issued: a barrier or an mbarrier's phase that the other thread comes to after its access"
                + (actors.UnitOf(access.Actor).Kind == UnitKind.Multiplication ? "; before an operand changes: Wgmma.Wait." : ".");
        bool atomic = prior.Kind == AccessKind.Atomic || access.Kind == AccessKind.Atomic;
        string start = atomic ? "Make both atomic, or between them: " : "Between them: ";
        return prior.Actor / FrameLayout.WarpSize == access.Actor / FrameLayout.WarpSize
            ? start + "Warp.Barrier; shuffles and other operations of a warp order no memory."
            : start + "Group.Barrier, a named barrier or an mbarrier.";
    }
}
