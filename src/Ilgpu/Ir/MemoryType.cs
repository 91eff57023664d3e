namespace IlgpuDca.Ilgpu.Ir;

/// <summary>How a value lies in memory. Narrow integers are widened to <see cref="IrKind.I32"/> by a load and cut by a store.</summary>
public enum MemoryType : byte
{
    I8,
    U8,
    I16,
    U16,
    I32,
    I64,
    F32,
    F64,
    Pointer,
    /// <summary>A description of a tensor in global memory: 128 bytes, a kernel parameter and nothing else; its value is its address.</summary>
    TensorMap,
}

/// <summary>Sizes and value types of <see cref="MemoryType"/>.</summary>
public static class MemoryTypes
{
    public static int Size(this MemoryType type) => type switch
    {
        MemoryType.I8 or MemoryType.U8 => 1,
        MemoryType.I16 or MemoryType.U16 => 2,
        MemoryType.I32 or MemoryType.F32 => 4,
        MemoryType.TensorMap => 128,
        _ => 8,
    };

    /// <summary>The type of the value that a load gives. Pointers from memory point anywhere: generic.</summary>
    public static IrType ValueType(this MemoryType type) => type switch
    {
        MemoryType.I64 => IrType.I64,
        MemoryType.F32 => IrType.F32,
        MemoryType.F64 => IrType.F64,
        MemoryType.Pointer or MemoryType.TensorMap => IrType.Pointer(AddressSpace.Generic),
        _ => IrType.I32,
    };
}
