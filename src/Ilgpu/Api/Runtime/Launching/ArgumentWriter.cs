using System.Runtime.CompilerServices;

namespace ILGPU.Runtime;

/// <summary>Writes arguments of one type into slots; where the leaves lie is found once for each type.</summary>
static class ArgumentWriter<T>
    where T : struct
{
    static readonly bool IsSpecialized = SpecializedValueType.ValueOf(typeof(T)) is not null;

    static readonly ArgumentLeaf[] Leaves = ArgumentLayout.Of(typeof(T));

    /// <summary>Writes the argument's leaves.</summary>
    public static void Write(ref SlotWriter writer, ref T argument)
    {
        ref byte start = ref Unsafe.As<T, byte>(ref argument);
        foreach (ref readonly ArgumentLeaf leaf in Leaves.AsSpan())
        {
            ref byte scalar = ref Unsafe.AddByteOffset(ref start, leaf.Offset);
            ulong slot = leaf.Kind switch
            {
                LeafKind.ViewPointer => writer.Address(in Unsafe.As<byte, ViewStorage>(ref scalar), leaf.Size),
                LeafKind.ViewLength => (ulong)Unsafe.As<byte, ViewStorage>(ref scalar).Length,
                _ => Scalar(ref scalar, leaf.Size),
            };

            if (IsSpecialized)
                writer.AddSpecialized(slot);
            else
                writer.Add(slot);
        }
    }

    static ulong Scalar(ref byte scalar, int size) => size switch
    {
        sizeof(byte) => scalar,
        sizeof(ushort) => Unsafe.ReadUnaligned<ushort>(ref scalar),
        sizeof(uint) => Unsafe.ReadUnaligned<uint>(ref scalar),
        _ => Unsafe.ReadUnaligned<ulong>(ref scalar),
    };
}
