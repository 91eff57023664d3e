namespace IlgpuDca.Ilgpu.Runtime.Cpu.Races;

/// <summary>A touch of memory that is to be compared with those before it.</summary>
/// <param name="Actor">Who touches.</param>
/// <param name="Epoch">The actor's epoch.</param>
/// <param name="Kind">How.</param>
/// <param name="Site">The kernel's number of the place.</param>
/// <param name="Thread">The actor where it is a thread, else the thread that asks it; -1 where several do.</param>
/// <param name="Known">What comes before.</param>
readonly record struct Access(int Actor, int Epoch, AccessKind Kind, int Site, int Thread, Clock Known);
