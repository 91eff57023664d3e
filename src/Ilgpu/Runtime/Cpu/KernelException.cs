namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>
/// A kernel went wrong while it ran on the CPU: an index out of range, a deadlock, a divergent barrier, a race.
/// </summary>
public sealed class KernelException(string message, Exception? inner = null) : Exception(message, inner);
