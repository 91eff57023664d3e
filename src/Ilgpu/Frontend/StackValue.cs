using System.Reflection;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Frontend;

/// <summary>What stands on IL's evaluation stack while a method is translated.</summary>
abstract record StackValue;

/// <summary>A number.</summary>
sealed record Scalar(Value Value) : StackValue;

/// <summary>A struct or a view, as its leaves.</summary>
sealed record Struct(TypeLayout Layout, Value[] Leaves) : StackValue
{
    public bool Equals(Struct? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => base.GetHashCode();
}

/// <summary>A ref to a local or argument, or to a field of one: never an address, always the variables themselves.</summary>
sealed record LocalReference(Slot Slot, TypeLayout Layout, int FirstLeaf) : StackValue;

/// <summary>A ref into memory: an address that is a multiple of Alignment bytes (0: what the accessed type has by itself).</summary>
sealed record MemoryReference(Value Pointer, int Alignment) : StackValue;

/// <summary>A static readonly array: its contents are known.</summary>
sealed record ConstantArray(FieldInfo Field, Array Data) : StackValue;

/// <summary>A string constant: the text of inline PTX.</summary>
sealed record Text(string Value) : StackValue;

/// <summary>A type known while compiling: what <c>typeof</c> gives.</summary>
sealed record TypeToken(Type Type) : StackValue;

/// <summary>A null or closure object that nothing may look into: a lambda's <c>this</c>.</summary>
sealed record NullObject : StackValue;

/// <summary>The storage of one IL local or argument: a variable for each leaf, or a reference.</summary>
sealed class Slot(Type type)
{
    /// <summary>The declared type; a by-ref type for ref locals.</summary>
    public Type Type { get; } = type;

    /// <summary>An argument that the method never assigns or a local that it assigns once, no writable address taken.</summary>
    public bool KeepsItsValue { get; init; }

    /// <summary>Variables of the leaves, made when first needed; for a by-ref slot one pointer.</summary>
    public Variable[] Leaves { get; set; } = [];

    /// <summary>What a by-ref slot, or one that holds something that isn't a value, stands for. Set once.</summary>
    public StackValue? Alias { get; set; }
}

/// <summary>Something assigned several times in C#, and once in SSA form.</summary>
sealed class Variable(IrType type, string name)
{
    public IrType Type { get; } = type;

    public string Name { get; } = name;
}
