namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>
/// A warp's frame: the lanes' states (32 ints), the operands of the pending warp operation (<see
/// cref="OperandAt"/>), the values that outlive a suspension (all lanes of a value together), the lanes' local memory.
/// </summary>
sealed class FrameLayout
{
    /// <summary>Lanes of a warp.</summary>
    public const int WarpSize = 32;

    /// <summary>Bytes that one operand of a warp operation takes: all lanes of 4 bytes, then all of 8.</summary>
    public const int OperandStride = WideOffset + WarpSize * sizeof(long);

    /// <summary>
    /// Where an operand's lanes of 8 bytes begin: apart, for a lane stores its next operands while those after it have not
    /// loaded the results of the last operation.
    /// </summary>
    public const int WideOffset = WarpSize * sizeof(int);

    /// <summary>Where the operands of the pending operation begin.</summary>
    public const int OperandOffset = WarpSize * sizeof(int);

    /// <summary>Bytes of local memory of one thread.</summary>
    public int LocalBytes { get; set; }

    /// <summary>Where local memory begins.</summary>
    public int LocalOffset { get; set; }

    /// <summary>Bytes of the frame of one warp.</summary>
    public int Bytes { get; set; }

    /// <summary>
    /// What a group's shared memory starts at a multiple of, since swizzles count from absolute addresses; the dynamic part as well
    /// where Hopper's units use it.
    /// </summary>
    public const int SharedAlignment = 1024;

    /// <summary>What the dynamic part starts at a multiple of elsewhere.</summary>
    public const int DynamicSharedAlignment = 128;

    /// <summary>Bytes of fixed shared memory; the dynamic part follows.</summary>
    public int StaticSharedBytes { get; set; }

    /// <summary>Bytes from the frame's start to the lanes of an operand, one after the other.</summary>
    /// <param name="operand">Which one.</param>
    /// <param name="size">Bytes of a lane.</param>
    public static int OperandAt(int operand, int size) =>
        OperandOffset + operand * OperandStride + (size == sizeof(long) ? WideOffset : 0);

    public static int AlignUp(int value, int alignment) => (value + alignment - 1) / alignment * alignment;
}
