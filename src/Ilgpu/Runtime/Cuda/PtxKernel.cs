namespace IlgpuDca.Ilgpu.Runtime.Cuda;

/// <summary>The PTX of one kernel.</summary>
/// <param name="Text">The module.</param>
/// <param name="EntryPoint">Its entry.</param>
/// <param name="Slots">The first argument slot of each of its parameters; null where each takes one.</param>
sealed record PtxKernel(string Text, string EntryPoint, int[]? Slots = null)
{
    /// <summary>Whether it may be launched before the kernel in front of it is done: it waits by itself.</summary>
    public bool WaitsForPrevious { get; init; }
}
