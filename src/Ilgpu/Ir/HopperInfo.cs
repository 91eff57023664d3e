namespace IlgpuDca.Ilgpu.Ir;

/// <summary>
/// What Hopper's units, and those that copy for threads since sm_80, are asked for. Operands in order; addresses are I32,
/// in bytes from the start of the group's shared memory, as <see cref="Opcode.SharedAddress"/> gives them; coordinates
/// are I32, the fastest first.
/// </summary>
public enum HopperOperation : byte
{
    /// <summary>address, arrivals.</summary>
    BarrierInitialize,
    /// <summary>address.</summary>
    BarrierArrive,
    /// <summary>address, bytes to come beside the arrival.</summary>
    BarrierArriveExpect,
    /// <summary>address, parity: waits until the phase of that parity is complete.</summary>
    BarrierWait,
    /// <summary>Initialised barriers become visible to the asynchronous units.</summary>
    BarrierFence,
    /// <summary>target address, tensor map (pointer), barrier address, Size coordinates.</summary>
    TensorLoad,
    /// <summary>tensor map (pointer), source address, Size coordinates.</summary>
    TensorStore,
    /// <summary>The same, added to what stands there.</summary>
    TensorAdd,
    /// <summary>This thread's stores since the last commit become a group.</summary>
    StoreCommit,
    /// <summary>Waits until all but Size of this thread's groups have read shared memory.</summary>
    StoreWaitRead,
    /// <summary>Waits until all but Size of this thread's groups are done.</summary>
    StoreWait,
    /// <summary>This thread's stores to shared memory become visible to the asynchronous units.</summary>
    ProxyFence,
    /// <summary>target address, source (pointer), bytes of 16 that are copied (I32).</summary>
    Copy,
    /// <summary>This thread's copies since the last commit become a group.</summary>
    CopyCommit,
    /// <summary>Waits until all but Size of this thread's groups are copied.</summary>
    CopyWait,
    /// <summary>A warpgroup's registers and shared memory are ready for multiplications.</summary>
    MultiplyFence,
    /// <summary>
    /// c (pointer to local memory, Size / 2 floats a thread), descriptors of a and b (I64), accumulate (I32, 0 sets c):
    /// c [64, Size] += a [64, 16] · b [16, Size] of bfloat16, or a [64, 32] · b [32, Size] of E4M3, by a warpgroup.
    /// </summary>
    Multiply,
    /// <summary>The same with a as a pointer to local memory: 4 words a thread.</summary>
    MultiplyRegisters,
    /// <summary>The multiplications since the last commit become a group.</summary>
    MultiplyCommit,
    /// <summary>Waits until all but Size of the warpgroup's groups are done.</summary>
    MultiplyWait,
    /// <summary>identifier, threads: waits until as many have come.</summary>
    NamedBarrierSync,
    /// <summary>identifier, threads: comes without waiting.</summary>
    NamedBarrierArrive,
    /// <summary>The warpgroup's threads keep Size registers from here on.</summary>
    SetRegisters,
}

/// <summary>
/// One operation, the number that its comment calls Size, whether b is stored with its columns side by side, and whether
/// elements are E4M3.
/// </summary>
public sealed record HopperInfo(HopperOperation Operation, int Size = 0, bool TransposeB = false, bool IsFloat8 = false);
