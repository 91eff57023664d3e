namespace IlgpuDca.Ilgpu.Runtime.Cpu.Races;

/// <summary>A touch of memory that has been.</summary>
/// <param name="Actor">Who touched.</param>
/// <param name="Kind">How.</param>
/// <param name="Site">The kernel's number of the place.</param>
readonly record struct PriorAccess(int Actor, AccessKind Kind, int Site);
