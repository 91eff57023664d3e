namespace IlgpuDca.Ilgpu.Extensions;

/// <summary>What a compiled kernel takes of a GPU.</summary>
/// <param name="Registers">32-bit registers of a thread.</param>
/// <param name="LocalBytes">Local memory of a thread: spills and arrays that did not become registers.</param>
/// <param name="SharedBytes">Static shared memory of a group.</param>
/// <param name="MaxThreadsPerGroup">Threads of the largest group it can be launched with.</param>
/// <param name="CompilerLog">What ptxas said.</param>
public readonly record struct KernelResources(
    int Registers, int LocalBytes, int SharedBytes, int MaxThreadsPerGroup, string CompilerLog);
