namespace IlgpuDca.Ilgpu.Runtime.Cpu.Races;

/// <summary>Who touches memory beside a thread that has asked for it and gone on.</summary>
enum UnitKind : byte
{
    /// <summary>cp.async: writes shared memory until the thread waits for the copy's group.</summary>
    Copy,
    /// <summary>Loads of boxes for one mbarrier: write until the barrier's phase is complete.</summary>
    Load,
    /// <summary>Stores of boxes: read until the thread waits for the store's group.</summary>
    Store,
    /// <summary>Multiplications of a warpgroup: read until a thread waits for their group.</summary>
    Multiplication,
}
