namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>How kernels run on the CPU.</summary>
/// <param name="Checked">
/// Indices are compared with their views' lengths, shared memory holds NaN patterns when a group starts, and a group
/// barrier that some threads do not reach is an error, as is misuse of asynchronous operations.
/// </param>
/// <param name="Workers">Threads that a launch may use, the launching one included; 0 means one per core.</param>
/// <param name="Timing">When asynchronous copies and multiplications are performed.</param>
/// <param name="Races">A launch whose threads touch shared memory without order is an error.</param>
public sealed record CpuOptions(
    bool Checked = false, int Workers = 0, AsynchronousTiming Timing = AsynchronousTiming.AtIssue, bool Races = false)
{
    /// <summary><see cref="Workers"/> with 0 resolved.</summary>
    public int WorkerCount => Workers > 0 ? Workers : Environment.ProcessorCount;
}
