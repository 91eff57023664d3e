using System.Globalization;
using System.Reflection;

namespace IlgpuDca.Ilgpu.Ir;

/// <summary>Anything an instruction can use: a constant, a kernel parameter, another instruction's result.</summary>
public abstract class Value(IrType type)
{
    public IrType Type { get; internal set; } = type;

    /// <summary>What stands for this value now: itself, or the end of the chain of <see cref="Instruction.ReplacedBy"/>.</summary>
    public Value Resolved
    {
        get
        {
            Value value = this;
            while (value is Instruction { ReplacedBy: { } next })
                value = next;
            return value;
        }
    }
}

/// <summary>A constant; floats by their bits. A null pointer is bits 0.</summary>
public sealed class Constant(IrType type, ulong bits) : Value(type)
{
    /// <summary>The value's bits; those above the type's width are zero.</summary>
    public ulong Bits { get; } = bits;

    public static Constant Bool(bool value) => new(IrType.Bool, value ? 1UL : 0);

    public static Constant Int(int value) => new(IrType.I32, (uint)value);

    public static Constant Long(long value) => new(IrType.I64, (ulong)value);

    public static Constant Float(float value) => new(IrType.F32, BitConverter.SingleToUInt32Bits(value));

    public static Constant Double(double value) => new(IrType.F64, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>The zero of a type; false for Bool, null for a pointer.</summary>
    public static Constant Zero(IrType type) => new(type, 0);

    /// <summary>The value as a signed integer.</summary>
    public long Signed => Type.Kind == IrKind.I32 ? (int)Bits : (long)Bits;

    public float AsFloat => BitConverter.UInt32BitsToSingle((uint)Bits);

    public double AsDouble => BitConverter.UInt64BitsToDouble(Bits);

    public override string ToString() => Type.Kind switch
    {
        IrKind.Bool => Bits != 0 ? "true" : "false",
        IrKind.F32 => AsFloat.ToString("R", CultureInfo.InvariantCulture) + "f",
        IrKind.F64 => AsDouble.ToString("R", CultureInfo.InvariantCulture) + "d",
        IrKind.Pointer => Bits == 0 ? "null" : $"0x{Bits:x}",
        IrKind.I64 => Signed.ToString(CultureInfo.InvariantCulture) + "L",
        _ => Signed.ToString(CultureInfo.InvariantCulture),
    };
}

/// <summary>A value that nothing defines: a local read before it was written. Any bits will do; both back ends use zero.</summary>
public sealed class Undefined(IrType type) : Value(type)
{
    public override string ToString() => "undefined";
}

/// <summary>One flattened leaf of a kernel parameter: one argument slot of 8 bytes, 16 of them for a tensor map.</summary>
public sealed class Parameter(int index, string name, MemoryType memoryType, IrType type) : Value(type)
{
    /// <summary>The (first) slot's position among the launch's arguments.</summary>
    public int Index { get; } = index;

    /// <summary>Slots that it takes.</summary>
    public int Slots => MemoryType == MemoryType.TensorMap ? MemoryType.Size() / sizeof(ulong) : 1;

    /// <summary>The C# parameter's name and field path, for the printers.</summary>
    public string Name { get; } = name;

    /// <summary>How the leaf lies in its slot.</summary>
    public MemoryType MemoryType { get; } = memoryType;

    public override string ToString() => "%" + Name;
}

/// <summary>The IL instruction that a value came from. The C# line is looked up when someone asks.</summary>
public readonly record struct SourceLocation(MethodBase? Method, int IlOffset);
