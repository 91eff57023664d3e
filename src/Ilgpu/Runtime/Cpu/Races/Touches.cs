namespace IlgpuDca.Ilgpu.Runtime.Cpu.Races;

/// <summary>Reads, or atomics, of one place by up to 32 neighbouring actors at the same epoch from the same line.</summary>
struct Touches
{
    /// <summary>Actor / 32.</summary>
    public int Block;

    /// <summary>A bit for each of the 32.</summary>
    public uint Lanes;

    public int Epoch;

    public int Site;

    public AccessKind Kind;

    /// <summary>The next ones of the same place; 0 for none.</summary>
    public int Next;
}
