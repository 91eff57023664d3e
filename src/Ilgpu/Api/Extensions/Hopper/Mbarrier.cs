using ILGPU;

namespace IlgpuDca.Ilgpu.Extensions;

/// <summary>
/// A barrier in shared memory that counts arrivals of threads and bytes of asynchronous copies; a phase is complete when both are
/// there. Allocate it with <see cref="SharedMemory"/>. Phases alternate between parity 0, the first, and 1. sm_90 and newer.
/// </summary>
public struct Mbarrier
{
#pragma warning disable CS0169, IDE0051 // Opaque: the hardware's 64 bits.
    readonly long _state;
#pragma warning restore CS0169, IDE0051

    /// <summary>Makes a barrier ready; one thread does, and <see cref="FenceInitialization"/> and a group barrier follow.</summary>
    /// <param name="barrier">In shared memory.</param>
    /// <param name="arrivals">Arrivals that complete a phase.</param>
    public static void Initialize(ref Mbarrier barrier, int arrivals) => throw InsideKernel.Only("Mbarrier.Initialize");

    /// <summary>Makes initialised barriers visible to the copy engine.</summary>
    public static void FenceInitialization() => throw InsideKernel.Only("Mbarrier.FenceInitialization");

    /// <summary>Arrives at the current phase.</summary>
    public static void Arrive(ref Mbarrier barrier) => throw InsideKernel.Only("Mbarrier.Arrive");

    /// <summary>Arrives at the current phase, which completes after so many bytes more have been copied.</summary>
    public static void ArriveExpect(ref Mbarrier barrier, int bytes) => throw InsideKernel.Only("Mbarrier.ArriveExpect");

    /// <summary>Waits until the latest phase of this parity is complete. Before the first phase ends, parity 1 counts as complete.</summary>
    public static void Wait(ref Mbarrier barrier, int parity) => throw InsideKernel.Only("Mbarrier.Wait");
}
