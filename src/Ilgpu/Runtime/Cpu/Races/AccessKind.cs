namespace IlgpuDca.Ilgpu.Runtime.Cpu.Races;

/// <summary>How memory is touched. Two reads never conflict, nor do two atomics.</summary>
enum AccessKind : byte
{
    Read,
    Atomic,
    Write,
}
