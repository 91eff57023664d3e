using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;

namespace IlgpuDca.Ilgpu.Ir;

/// <summary>
/// One scalar of a flattened type. Offset is in bytes from the struct's start in memory; Path names the fields that lead to it,
/// empty for a scalar itself; a view's two leaves are "Pointer" and "Length".
/// </summary>
public sealed record Leaf(string Path, MemoryType Type, int Offset, bool IsBool);

/// <summary>
/// A value type seen by the compiler: its scalars in order, its size and alignment in memory. Structs are sequential with natural
/// alignment, as C# lays out unmanaged structs. Views are two leaves, a pointer and a 64-bit length, and have no memory form.
/// </summary>
public sealed class TypeLayout
{
    /// <summary>The extension's type: known by name, for Ir stands below the API.</summary>
    const string TensorMapName = "IlgpuDca.Ilgpu.Extensions.TensorMap";

    static readonly ConcurrentDictionary<Type, TypeLayout> Cache = new();

    readonly List<FieldPlace> _fields = [];

    TypeLayout(Type type)
    {
        Type = type;
        if (IsView(type))
        {
            Leaves = [new Leaf("Pointer", MemoryType.Pointer, 0, false), new Leaf("Length", MemoryType.I64, 8, false)];
            (Size, Alignment) = (16, 8);
        }
        else if (type.FullName == TensorMapName)
        {
            Leaves = [new Leaf("", MemoryType.TensorMap, 0, false)];
            (Size, Alignment) = (MemoryType.TensorMap.Size(), 64);
        }
        else if (Scalar(type) is { } scalar)
        {
            Leaves = [new Leaf("", scalar, 0, type == typeof(bool))];
            Size = Alignment = scalar.Size();
        }
        else
        {
            (Leaves, _fields, Size, Alignment) = LayOut(type);
        }
    }

    public Type Type { get; }

    public IReadOnlyList<Leaf> Leaves { get; }

    /// <summary>Bytes between elements of an array of this type.</summary>
    public int Size { get; }

    /// <summary>Bytes that its address is a multiple of, by C#'s rule: the largest alignment of a leaf.</summary>
    public int Alignment { get; }

    /// <summary>
    /// Bytes that a view's elements of this type are aligned to: a struct of 2, 4, 8 or 16 bytes starts at a multiple of its
    /// size (views are allocated and cut in elements), others at the largest power of two that divides the size, 16 at most.
    /// </summary>
    public int ElementAlignment => Math.Max(Alignment, Math.Min(16, Size & -Size));

    /// <summary>The layout of a value type.</summary>
    /// <exception cref="NotSupportedException">A reference type, or a struct that holds one or has explicit offsets.</exception>
    public static TypeLayout Of(Type type) => Cache.GetOrAdd(type, static key => new TypeLayout(key));

    /// <summary>ArrayView&lt;T&gt; or ArrayView1D&lt;T, Stride1D.Dense&gt;: known by name, for Ir stands below the API.</summary>
    public static bool IsView(Type type)
    {
        if (!type.IsGenericType)
            return false;
        string? name = type.GetGenericTypeDefinition().FullName;
        return name is "ILGPU.ArrayView`1" or "ILGPU.Runtime.ArrayView1D`2";
    }

    /// <summary>The memory type of a primitive, an enum or a native integer; null for a struct.</summary>
    public static MemoryType? Scalar(Type type)
    {
        if (type.IsEnum)
            type = Enum.GetUnderlyingType(type);
        if (type == typeof(nint) || type == typeof(nuint))
            return MemoryType.I64;
        return System.Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean or TypeCode.Byte => MemoryType.U8,
            TypeCode.SByte => MemoryType.I8,
            TypeCode.Int16 => MemoryType.I16,
            TypeCode.UInt16 or TypeCode.Char => MemoryType.U16,
            TypeCode.Int32 or TypeCode.UInt32 => MemoryType.I32,
            TypeCode.Int64 or TypeCode.UInt64 => MemoryType.I64,
            TypeCode.Single => MemoryType.F32,
            TypeCode.Double => MemoryType.F64,
            _ => null,
        };
    }

    /// <summary>The instance fields of a struct in declaration order.</summary>
    public static FieldInfo[] Fields(Type type) =>
        [.. type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).OrderBy(field => field.MetadataToken)];

    /// <summary>The index of a field's first leaf among its struct's leaves, and how many leaves it has.</summary>
    public (int First, int Count) LeavesOf(FieldInfo field) => (PlaceOf(field).FirstLeaf, Of(field.FieldType).Leaves.Count);

    /// <summary>The byte offset of a field in its struct.</summary>
    public int OffsetOf(FieldInfo field) => PlaceOf(field).Offset;

    FieldPlace PlaceOf(FieldInfo field)
    {
        foreach (FieldPlace place in _fields)
            if (place.Field.MetadataToken == field.MetadataToken && place.Field.Module == field.Module)
                return place;
        throw new NotSupportedException($"{Type} has no instance field {field.Name}.");
    }

    /// <summary>Where a field's leaves start among its struct's, and its bytes in it.</summary>
    readonly record struct FieldPlace(FieldInfo Field, int FirstLeaf, int Offset);

    static (IReadOnlyList<Leaf> Leaves, List<FieldPlace> Fields, int Size, int Alignment) LayOut(Type type)
    {
        if (!type.IsValueType)
            throw new NotSupportedException($"{type} is a reference type. Kernels hold values only: use a struct or a view.");
        StructLayoutAttribute? attribute = type.StructLayoutAttribute;
        if (attribute?.Value == LayoutKind.Explicit)
            throw new NotSupportedException($"{type} has explicit field offsets. Lay it out sequentially and convert with Interop.");

        List<Leaf> leaves = [];
        List<FieldPlace> fields = [];
        int offset = 0, alignment = 1;
        foreach (FieldInfo field in Fields(type))
        {
            TypeLayout layout = Of(field.FieldType);
            int fieldAlignment = Math.Min(layout.Alignment, Packing(type));
            offset = AlignUp(offset, fieldAlignment);
            alignment = Math.Max(alignment, fieldAlignment);
            fields.Add(new FieldPlace(field, leaves.Count, offset));
            foreach (Leaf leaf in layout.Leaves)
                leaves.Add(leaf with
                {
                    Path = leaf.Path.Length == 0 ? field.Name : field.Name + "." + leaf.Path,
                    Offset = offset + leaf.Offset,
                });
            offset += layout.Size;
        }
        // An empty struct takes one byte, as in C#.
        int size = Math.Max(AlignUp(offset, alignment), Math.Max(1, attribute?.Size ?? 0));
        return (leaves, fields, size, alignment);
    }

    static int Packing(Type type) => type.StructLayoutAttribute?.Pack is > 0 and int pack ? pack : 16;

    static int AlignUp(int offset, int alignment) => (offset + alignment - 1) / alignment * alignment;
}
