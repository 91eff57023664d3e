namespace IlgpuDca.Ilgpu.Ir;

/// <summary>What a value is. Integers carry no sign: operations do. Bytes and shorts exist in memory only.</summary>
public enum IrKind : byte
{
    /// <summary>No value: stores, barriers.</summary>
    Void,
    /// <summary>One bit: a comparison's result, a PTX predicate.</summary>
    Bool,
    I32,
    I64,
    F32,
    F64,
    /// <summary>An address. 64 bits on the CPU and in global and generic memory, 32 bits in PTX shared memory.</summary>
    Pointer,
    /// <summary>Several values from one instruction, read by <see cref="Opcode.Extract"/>.</summary>
    Tuple,
}

/// <summary>The memory that a pointer points into.</summary>
public enum AddressSpace : byte
{
    /// <summary>Unknown: slow on a GPU, and refused in hot kernels.</summary>
    Generic,
    Global,
    Shared,
    Local,
    /// <summary>Read-only data of the module: the contents of a <c>static readonly</c> array.</summary>
    Constant,
}

/// <summary>The type of an SSA value: a kind, and for pointers the memory they point into.</summary>
public readonly record struct IrType(IrKind Kind, AddressSpace Space = AddressSpace.Generic)
{
    public static readonly IrType Void = new(IrKind.Void);
    public static readonly IrType Bool = new(IrKind.Bool);
    public static readonly IrType I32 = new(IrKind.I32);
    public static readonly IrType I64 = new(IrKind.I64);
    public static readonly IrType F32 = new(IrKind.F32);
    public static readonly IrType F64 = new(IrKind.F64);
    public static readonly IrType Tuple = new(IrKind.Tuple);

    public static IrType Pointer(AddressSpace space) => new(IrKind.Pointer, space);

    public bool IsInteger => Kind is IrKind.I32 or IrKind.I64;

    public bool IsFloat => Kind is IrKind.F32 or IrKind.F64;

    public bool IsPointer => Kind == IrKind.Pointer;

    /// <summary>Bytes of the value on the CPU and in a kernel argument.</summary>
    public int Size => Kind switch
    {
        IrKind.Bool => 1,
        IrKind.I32 or IrKind.F32 => 4,
        IrKind.I64 or IrKind.F64 or IrKind.Pointer => 8,
        _ => 0,
    };

    public override string ToString() => Kind switch
    {
        IrKind.Pointer => "ptr." + Space.ToString().ToLowerInvariant(),
        _ => Kind.ToString().ToLowerInvariant(),
    };
}
