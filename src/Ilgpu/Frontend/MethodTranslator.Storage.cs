using System.Reflection;
using System.Runtime.InteropServices;
using IlgpuDca.Ilgpu.Diagnostics;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Frontend;

/// <summary>Locals, references, fields: where values are kept, and how structs fall into leaves.</summary>
sealed partial class MethodTranslator
{
    /// <summary>The zero of a type.</summary>
    public StackValue Zero(Type type)
    {
        TypeLayout layout = Layout(type);
        Value[] leaves = [.. layout.Leaves.Select(leaf => (Value)Constant.Zero(leaf.Type.ValueType()))];
        return FromLeaves(layout, leaves);
    }

    /// <summary>A type's layout, or a refusal that names it.</summary>
    public TypeLayout Layout(Type type)
    {
        if (type.IsByRefLike)
            throw Refuse(JitError.StackMemory, $"{type.Name} is a ref struct.", "use a view, LocalMemory.Allocate or a static readonly array.");
        try
        {
            return TypeLayout.Of(type);
        }
        catch (NotSupportedException problem)
        {
            throw Refuse(type.IsValueType ? JitError.StructLayout : JitError.ReferenceType, problem.Message, "use structs of numbers and views.");
        }
    }

    public static StackValue FromLeaves(TypeLayout layout, Value[] leaves) =>
        TypeLayout.Scalar(layout.Type) is not null ? new Scalar(leaves[0]) : new Struct(layout, leaves);

    /// <summary>The leaves of a value as a type wants them.</summary>
    Value[] Leaves(StackValue value, TypeLayout layout)
    {
        if (value is not Struct @struct)
        {
            if (layout.Leaves.Count != 1)
                throw Refuse(JitError.StructLayout, $"a single number is used as {layout.Type}.", "convert it with a constructor.");
            return [Coerce(Value(value), layout.Leaves[0].Type.ValueType())];
        }
        if (@struct.Leaves.Length != layout.Leaves.Count)
            throw Refuse(JitError.StructLayout, $"{@struct.Layout.Type} is reinterpreted as {layout.Type}.", "convert it with a constructor.");
        return Array.ConvertAll(@struct.Leaves, leaf => leaf.Resolved);
    }

    /// <summary>IL lets I32 stand for native integers, and F for either float: the value as the wanted type.</summary>
    public Value Coerce(Value value, IrType type)
    {
        if (value.Type.Kind == type.Kind)
            return value;
        return (value.Type.Kind, type.Kind) switch
        {
            (IrKind.Bool, IrKind.I32) => _emit.ToInt(value),
            (IrKind.I32, IrKind.I64) => _emit.Unary(Opcode.SignExtend, IrType.I64, value),
            (IrKind.I64, IrKind.I32) => _emit.Unary(Opcode.Truncate64, IrType.I32, value),
            (IrKind.F32, IrKind.F64) => _emit.Unary(Opcode.FloatConvert, IrType.F64, value),
            (IrKind.F64, IrKind.F32) => _emit.Unary(Opcode.FloatConvert, IrType.F32, value),
            (IrKind.Pointer, IrKind.I64) => _emit.Unary(Opcode.PointerToInt, IrType.I64, value),
            (IrKind.I64, IrKind.Pointer) => _emit.Unary(Opcode.IntToPointer, IrType.Pointer(AddressSpace.Generic), value),
            _ => throw Refuse(JitError.UnsupportedInstruction, $"a {value.Type} is used as {type}.", "convert it explicitly."),
        };
    }

    /// <summary>
    /// Gives a slot its value. An argument that nothing writes again keeps the value itself; refs to locals and objects are
    /// known while compiling and bound once; everything else goes into variables.
    /// </summary>
    void Store(Slot slot, StackValue value, bool initial = false)
    {
        if (initial && slot.KeepsItsValue)
        {
            bool becomesStruct = value is Scalar && slot.Type.IsValueType && TypeLayout.Scalar(slot.Type) is null;
            slot.Alias = becomesStruct ? FromLeaves(Layout(slot.Type), Leaves(value, slot.Type)) : value;
        }
        else if ((slot.Type.IsByRef || slot.Type.IsPointer) && value is MemoryReference or Scalar && slot.Alias is null)
        {
            if (slot.Leaves.Length == 0)
                slot.Leaves = [new Variable(IrType.Pointer(AddressSpace.Generic), "reference")];
            _ssa.Write(slot.Leaves[0], Coerce(Value(value), slot.Leaves[0].Type));
        }
        else if (slot.Alias is not null || value is not (Scalar or Struct or MemoryReference))
        {
            if (slot.Leaves.Length > 0 || slot.Alias is not null && slot.Alias != value)
                throw Refuse(JitError.MergedReference, "a ref names different variables on different paths.",
                    "choose between values instead of between refs.");
            slot.Alias = value;
        }
        else
        {
            bool untyped = slot.Type == typeof(void);
            Value[] leaves = untyped ? [Coerce(Value(value), slot.Leaves[0].Type)] : Leaves(value, slot.Type);
            if (!untyped)
                MakeLeaves(slot);
            for (int k = 0; k < leaves.Length; k++)
                _ssa.Write(slot.Leaves[k], leaves[k]);
        }
    }

    /// <summary>
    /// A local's assignment. Where it is the only one, whatever reads the local comes after it, so reads need no variable: what the
    /// local holds stays known inside loops.
    /// </summary>
    void Assign(Slot local, StackValue value)
    {
        Store(local, value);
        if (local.KeepsItsValue && local.Alias is null && value is Scalar or Struct)
            local.Alias = FromLeaves(Layout(local.Type), Leaves(value, local.Type));
    }

    void MakeLeaves(Slot slot)
    {
        if (slot.Leaves.Length == 0)
            slot.Leaves = [.. Layout(slot.Type).Leaves.Select(leaf => new Variable(leaf.Type.ValueType(), leaf.Path))];
    }

    StackValue Load(Slot slot)
    {
        if (slot.Alias is { } alias)
            return alias;
        if (slot.Type == typeof(void))
            return new Scalar(_ssa.Read(slot.Leaves[0]));
        if (slot.Type.IsByRef || slot.Type.IsPointer)
        {
            if (slot.Leaves.Length == 0)
                throw Refuse(JitError.MergedReference, "a ref is read before it is assigned.", "assign it where it is declared.");
            return new MemoryReference(_ssa.Read(slot.Leaves[0]), 0);
        }
        MakeLeaves(slot);
        return FromLeaves(Layout(slot.Type), [.. slot.Leaves.Select(_ssa.Read)]);
    }

    StackValue AddressOf(Slot slot)
    {
        if (slot.Type.IsByRef || !slot.Type.IsValueType)
            throw Refuse(JitError.MergedReference, "a ref to a ref.", "use the ref itself.");
        return new LocalReference(slot, Layout(slot.Type), 0);
    }

    /// <summary>What a reference refers to, seen as a type.</summary>
    public StackValue Read(StackValue reference, Type type)
    {
        TypeLayout layout = Layout(type);
        switch (reference)
        {
            case LocalReference local:
                CheckView(local, layout);
                if (local.Slot.Alias is { } alias)
                    return FromLeaves(layout, Leaves(alias, local.Slot.Type)[local.FirstLeaf..(local.FirstLeaf + layout.Leaves.Count)]);
                MakeLeaves(local.Slot);
                return FromLeaves(layout, [.. local.Slot.Leaves.Skip(local.FirstLeaf).Take(layout.Leaves.Count).Select(_ssa.Read)]);
            case MemoryReference or Scalar:
                RefuseViews(layout);
                int alignment = reference is MemoryReference { Alignment: > 0 and int known } ? known : layout.Alignment;
                Value pointer = Coerce(Value(reference), IrType.Pointer(AddressSpace.Generic));
                return FromLeaves(layout, [.. layout.Leaves.Select(leaf => _emit.Load(
                    _emit.Offset(pointer, leaf.Offset), leaf.Type, CommonAlignment(alignment, leaf.Offset)))]);
            default:
                throw Refuse(JitError.ReferenceType, $"a {type.Name} is read through an object reference.", "kernels hold values only.");
        }
    }

    Value[] Leaves(StackValue value, Type type) => Leaves(value, Layout(type));

    /// <summary>Assigns what a reference refers to.</summary>
    public void Write(StackValue reference, StackValue value, Type type)
    {
        TypeLayout layout = Layout(type);
        Value[] leaves = Leaves(value, layout);
        switch (reference)
        {
            case LocalReference local:
                CheckView(local, layout);
                MakeLeaves(local.Slot);
                for (int k = 0; k < leaves.Length; k++)
                    _ssa.Write(local.Slot.Leaves[local.FirstLeaf + k], leaves[k]);
                return;
            case MemoryReference or Scalar:
                RefuseViews(layout);
                int alignment = reference is MemoryReference { Alignment: > 0 and int known } ? known : layout.Alignment;
                Value pointer = Coerce(Value(reference), IrType.Pointer(AddressSpace.Generic));
                for (int k = 0; k < leaves.Length; k++)
                    _emit.Store(_emit.Offset(pointer, layout.Leaves[k].Offset), leaves[k], layout.Leaves[k].Type,
                        CommonAlignment(alignment, layout.Leaves[k].Offset));
                return;
            default:
                throw Refuse(JitError.ReferenceType, $"a {type.Name} is written through an object reference.", "kernels hold values only.");
        }
    }

    void RefuseViews(TypeLayout layout)
    {
        if (layout.Leaves.Any(leaf => leaf.Type == MemoryType.Pointer))
            throw Refuse(JitError.ReferenceInMemory, $"{layout.Type.Name} holds a view and lies in memory.", "keep views in parameters and locals.");
    }

    void CheckView(LocalReference local, TypeLayout layout)
    {
        bool same = local.FirstLeaf + layout.Leaves.Count <= Layout(local.Slot.Type).Leaves.Count;
        for (int k = 0; same && k < layout.Leaves.Count; k++)
            same = Layout(local.Slot.Type).Leaves[local.FirstLeaf + k].Type.ValueType().Kind == layout.Leaves[k].Type.ValueType().Kind;
        if (!same)
            throw Refuse(JitError.StructLayout, $"a local {local.Slot.Type} is reinterpreted as {layout.Type}.", "convert it with Interop.");
    }

    /// <summary>The bytes that (an address that is a multiple of alignment) + offset is a multiple of.</summary>
    public static int CommonAlignment(int alignment, long offset) =>
        offset == 0 ? alignment : (int)Math.Min(alignment, offset & -offset);

    StackValue FieldOf(StackValue target, FieldInfo field)
    {
        if (target is LocalReference or MemoryReference)
            return Read(FieldReference(target, field), field.FieldType);
        TypeLayout layout = Layout(field.DeclaringType!);
        (int first, int count) = layout.LeavesOf(field);
        return FromLeaves(Layout(field.FieldType), Leaves(target, layout)[first..(first + count)]);
    }

    StackValue FieldReference(StackValue target, FieldInfo field)
    {
        if (!field.DeclaringType!.IsValueType)
            throw Refuse(JitError.ReferenceType, $"field {field.Name} of the class {field.DeclaringType.Name} is used.",
                "pass the value as a kernel parameter (a lambda must not capture).");
        TypeLayout layout = Layout(field.DeclaringType);
        switch (target)
        {
            case LocalReference local:
                return new LocalReference(local.Slot, Layout(field.FieldType), local.FirstLeaf + layout.LeavesOf(field).First);
            case MemoryReference memory:
                int offset = layout.OffsetOf(field);
                int alignment = memory.Alignment > 0 ? memory.Alignment : layout.Alignment;
                return new MemoryReference(_emit.Offset(memory.Pointer, offset), CommonAlignment(alignment, offset));
            default:
                throw Refuse(JitError.ReferenceType, $"field {field.Name} is reached through an object reference.", "kernels hold values only.");
        }
    }

    /// <summary>A static readonly field is a constant: a number, a struct of numbers, or an array's contents.</summary>
    StackValue StaticField(FieldInfo field)
    {
        if (!field.IsInitOnly && !field.IsLiteral)
            throw Refuse(JitError.MutableStatic, $"static field {field.DeclaringType?.Name}.{field.Name} may change.",
                "make it const or static readonly, or pass it as a parameter.");
        object? value = field.GetValue(null);
        return value switch
        {
            Array { Rank: 1 } array when array.GetType().GetElementType()!.IsValueType => new ConstantArray(field, array),
            ValueType => FromLeaves(Layout(field.FieldType), Constants(value, field.FieldType)),
            string text => new Text(text),
            _ => throw Refuse(JitError.ReferenceType, $"static field {field.DeclaringType?.Name}.{field.Name} is a {field.FieldType.Name}.",
                "kernels read static readonly numbers, structs of them and arrays of them."),
        };
    }

    /// <summary>A value as constants.</summary>
    public static Value[] Constants(object value, Type type)
    {
        if (TypeLayout.Scalar(type) is { } scalar)
            return [ConstantOf(value, scalar)];
        if (TypeLayout.IsView(type))
            return [Constant.Zero(IrType.Pointer(AddressSpace.Global)), Constant.Long(0)];
        return [.. TypeLayout.Fields(type).SelectMany(field => Constants(field.GetValue(value)!, field.FieldType))];
    }

    static Constant ConstantOf(object value, MemoryType type)
    {
        if (value is Enum)
            value = Convert.ChangeType(value, Enum.GetUnderlyingType(value.GetType()), null);
        ulong bits = value switch
        {
            bool b => b ? 1UL : 0,
            char c => c,
            float f => BitConverter.SingleToUInt32Bits(f),
            double d => BitConverter.DoubleToUInt64Bits(d),
            ulong u => u,
            nint n => (ulong)n,
            nuint n => n,
            _ => (ulong)Convert.ToInt64(value, null),
        };
        IrType valueType = type.ValueType();
        return new Constant(valueType, valueType.Kind == IrKind.I32 ? (uint)bits : bits);
    }

    /// <summary>The address of a constant array's element.</summary>
    MemoryReference ElementReference(ConstantArray array, Value index, Type elementType)
    {
        TypeLayout layout = Layout(elementType);
        Value data = _context.Data(array);
        Value wide = index.Type.Kind == IrKind.I64 ? index : _emit.Unary(Opcode.ZeroExtend, IrType.I64, index);
        if (_context.Options.Checked)
            _emit.Effect(Opcode.CheckBounds, [wide, Constant.Long(array.Data.Length)]);
        Value bytes = _emit.Binary(Opcode.Mul, wide, Constant.Long(layout.Size));
        return new MemoryReference(_emit.Offset(data, bytes), layout.Alignment);
    }
}
