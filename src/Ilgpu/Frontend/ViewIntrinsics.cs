using System.Reflection;
using IlgpuDca.Ilgpu.Diagnostics;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Frontend;

/// <summary>
/// ArrayView&lt;T&gt; and the dense ArrayView1D: a pointer and a length. An int index is zero-extended, as ILGPU does: a negative one is
/// an error with checks on, and far out of range without.
/// </summary>
static class ViewIntrinsics
{
    const string View = "ILGPU.ArrayView`1.", View1D = "ILGPU.Runtime.ArrayView1D`2.";

    public static void Register(Dictionary<string, Intrinsic> table)
    {
        foreach (string type in (string[])[View, View1D])
        {
            table[type + "get_Item"] = Item;
            table[type + "get_Length"] = (t, method, arguments) => new Scalar(Length(t, method, arguments));
            table[type + "get_IntLength"] = (t, method, arguments) =>
                new Scalar(t.Emit.Unary(Opcode.Truncate64, IrType.I32, Length(t, method, arguments)));
            table[type + "get_LengthInBytes"] = (t, method, arguments) => new Scalar(t.Emit.Binary(Opcode.Mul,
                Length(t, method, arguments), Constant.Long(ElementLayout(t, method.DeclaringType!).Size)));
            table[type + "get_Extent"] = (t, method, arguments) => IntrinsicTable.Result(t, method, Length(t, method, arguments));
            table[type + "get_IntExtent"] = (t, method, arguments) =>
                IntrinsicTable.Result(t, method, t.Emit.Unary(Opcode.Truncate64, IrType.I32, Length(t, method, arguments)));
            table[type + "get_IsValid"] = (t, method, arguments) => new Scalar(t.Emit.ToInt(t.Emit.ToBool(Length(t, method, arguments))));
            table[type + "SubView"] = SubView;
            table[type + "Cast"] = Cast;
            table[type + "get_BaseView"] = SameLeaves;
            table[type + "op_Implicit"] = SameLeaves;
        }
        const string extensions = "ILGPU.Runtime.ArrayViewExtensions.";
        table[extensions + "AsAligned"] = (t, method, arguments) => Aligned(t, method, arguments[0], (int)KnownBytes(t, arguments[1]));
        foreach (int bytes in (int[])[16, 32, 64, 128, 256, 512])
            table[extensions + "AsAligned" + bytes] = (t, method, arguments) => Aligned(t, method, arguments[0], bytes);
        table[extensions + "Cast"] = Cast;
    }

    /// <summary>A view argument, by value or through the address that C# takes to call its methods.</summary>
    static Struct Operand(MethodTranslator t, MethodBase method, StackValue argument) => argument as Struct
        ?? (Struct)t.Read(argument, method.IsStatic ? method.GetParameters()[0].ParameterType : method.DeclaringType!);

    static Value Length(MethodTranslator t, MethodBase method, StackValue[] arguments) =>
        Operand(t, method, arguments[0]).Leaves[1].Resolved;

    static TypeLayout ElementLayout(MethodTranslator t, Type view) => t.Layout(view.GetGenericArguments()[0]);

    static Value Wide(MethodTranslator t, Value index) =>
        index.Type.Kind == IrKind.I64 ? index : t.Emit.Unary(Opcode.ZeroExtend, IrType.I64, index);

    static Value Address(MethodTranslator t, Struct view, Value index, int elementSize) =>
        t.Emit.Offset(view.Leaves[0].Resolved, t.Emit.Binary(Opcode.Mul, index, Constant.Long(elementSize)));

    static StackValue Item(MethodTranslator t, MethodBase method, StackValue[] arguments)
    {
        Struct view = Operand(t, method, arguments[0]);
        TypeLayout element = ElementLayout(t, method.DeclaringType!);
        Value index = Wide(t, t.Value(arguments[1]));
        Check(t, index, view.Leaves[1]);
        return new MemoryReference(Address(t, view, index, element.Size), element.ElementAlignment);
    }

    static void Check(MethodTranslator t, Value index, Value length)
    {
        if (t.Context.Options.Checked)
            t.Emit.Effect(Opcode.CheckBounds, [index, length]);
    }

    /// <summary>The part of a view from an index on, to its end or of a given length.</summary>
    static StackValue SubView(MethodTranslator t, MethodBase method, StackValue[] arguments)
    {
        Struct view = Operand(t, method, arguments[0]);
        Value length = view.Leaves[1].Resolved;
        Value index = Wide(t, t.Value(arguments[1]));
        Value part = arguments.Length > 2 ? Wide(t, t.Value(arguments[2])) : t.Emit.Binary(Opcode.Sub, length, index);
        // index + part must not pass the end: both are non-negative, so the sum is compared with length + 1.
        Check(t, t.Emit.Binary(Opcode.Add, index, part), t.Emit.Binary(Opcode.Add, length, Constant.Long(1)));
        Value pointer = Address(t, view, index, ElementLayout(t, method.DeclaringType!).Size);
        return new Struct(view.Layout, [pointer, part]);
    }

    static StackValue Cast(MethodTranslator t, MethodBase method, StackValue[] arguments)
    {
        Struct view = Operand(t, method, arguments[0]);
        Type result = ((MethodInfo)method).ReturnType;
        int from = ElementLayout(t, view.Layout.Type).Size, to = ElementLayout(t, result).Size;
        Value bytes = t.Emit.Binary(Opcode.Mul, view.Leaves[1].Resolved, Constant.Long(from));
        return IntrinsicTable.Result(t, method, view.Leaves[0].Resolved, t.Emit.Binary(Opcode.DivU, bytes, Constant.Long(to)));
    }

    static StackValue SameLeaves(MethodTranslator t, MethodBase method, StackValue[] arguments) =>
        IntrinsicTable.Result(t, method, Operand(t, method, arguments[0]).Leaves);

    static StackValue Aligned(MethodTranslator t, MethodBase method, StackValue argument, int bytes)
    {
        Struct view = Operand(t, method, argument);
        Value pointer = view.Leaves[0].Resolved;
        Value aligned = t.Emit.Emit(Opcode.AssumeAligned, pointer.Type, [pointer], bytes);
        return IntrinsicTable.Result(t, method, aligned, view.Leaves[1]);
    }

    static long KnownBytes(MethodTranslator t, StackValue bytes) => t.Value(bytes) is Constant { Signed: > 0 } known ? known.Signed
        : throw t.Refuse(JitError.ExtentNotConstant, "AsAligned with an alignment that is not a positive constant.", "write the number of bytes as a constant.");
}
