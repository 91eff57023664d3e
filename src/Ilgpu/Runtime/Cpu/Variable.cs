using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>
/// A value of a thread that has a place of its own: an IL local, and a slot in the frame if it outlives a suspension.
/// </summary>
sealed class Variable(int index, IrType type)
{
    /// <summary>Its bit in the live sets.</summary>
    public int Index { get; } = index;

    public IrType Type { get; } = type;

    /// <summary>
    /// Bytes from the warp frame's start to lane 0's value; lanes follow each other. -1 without a slot.
    /// </summary>
    public int SlotOffset { get; set; } = -1;

    /// <summary>Bytes of one lane's value in the frame.</summary>
    public int Size => Type.Size == 8 ? 8 : 4;
}
