namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>What a thread waits for; from <see cref="Barrier"/> on, for its whole group.</summary>
enum SuspensionKind : byte
{
    /// <summary>Nothing: a seam between two methods.</summary>
    Seam,
    WarpBarrier,
    Shuffle,
    Collective,
    Barrier,
    BarrierPopCount,
    BarrierAnd,
    BarrierOr,
}
