namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>What a thread waits for; from <see cref="Barrier"/> on, for its whole group.</summary>
enum SuspensionKind : byte
{
    /// <summary>Nothing: a seam between two methods.</summary>
    Seam,
    WarpBarrier,
    Shuffle,
    Collective,
    /// <summary>A phase of an mbarrier; this and the next two go on as soon as a condition holds.</summary>
    Phase,
    NamedBarrier,
    /// <summary>Groups of multiplications of a warpgroup.</summary>
    Multiplications,
    Barrier,
    BarrierPopCount,
    BarrierAnd,
    BarrierOr,
}
