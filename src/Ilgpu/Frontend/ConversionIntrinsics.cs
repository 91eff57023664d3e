using System.Reflection;
using IlgpuDca.Ilgpu.Diagnostics;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Frontend;

/// <summary>Interop, ILGPU.Half, and what is known about types and the target while compiling.</summary>
static class ConversionIntrinsics
{
    public static void Register(Dictionary<string, Intrinsic> table)
    {
        // A Half is its bits already.
        table["ILGPU.Interop.FloatAsInt"] = (t, method, a) => method.GetParameters()[0].ParameterType.IsPrimitive
            ? new Scalar(Reinterpret(t, t.Value(a[0]))) : new Scalar(t.Value(a[0]));
        table["ILGPU.Interop.IntAsFloat"] = (t, method, a) => ((MethodInfo)method).ReturnType.IsPrimitive
            ? new Scalar(Reinterpret(t, t.Value(a[0]))) : IntrinsicTable.Result(t, method, t.Value(a[0]));
        table["ILGPU.Interop.SizeOf"] = (t, method, _) => new Scalar(Constant.Int(t.Layout(method.GetGenericArguments()[0]).Size));
        table["ILGPU.Interop.WriteLine"] = (t, _, _) => throw t.Refuse(JitError.NoDeviceForm, "Interop.WriteLine.", "write to a view and read it on the host.");
        foreach (string name in (string[])["SingleToInt32Bits", "SingleToUInt32Bits", "Int32BitsToSingle", "UInt32BitsToSingle",
            "DoubleToInt64Bits", "DoubleToUInt64Bits", "Int64BitsToDouble", "UInt64BitsToDouble"])
            table["System.BitConverter." + name] = (t, _, a) => new Scalar(Reinterpret(t, t.Value(a[0])));

        table["ILGPU.Half.op_Implicit"] = FromHalf;
        table["ILGPU.Half.op_Explicit"] = HalfConversion;

        table["ILGPU.Runtime.Accelerator.get_CurrentType"] = (t, _, _) =>
            new Scalar(Constant.Int(t.Context.Options.Target == CompileTarget.Cuda ? 1 : 0));
        table["System.Type.GetTypeFromHandle"] = (_, _, a) => a[0];
        table["System.Type.op_Equality"] = (t, _, a) => new Scalar(Constant.Int(SameType(t, a) ? 1 : 0));
        table["System.Type.op_Inequality"] = (t, _, a) => new Scalar(Constant.Int(SameType(t, a) ? 0 : 1));
    }

    static bool SameType(MethodTranslator t, StackValue[] arguments) => arguments is [TypeToken a, TypeToken b] ? a.Type == b.Type
        : throw t.Refuse(JitError.ReferenceType, "a Type that is not a typeof.", "compare typeof(T) with typeof(X) directly.");

    static Value Reinterpret(MethodTranslator t, Value value) => t.Emit.Unary(Opcode.Bitcast, value.Type.Kind switch
    {
        IrKind.I32 => IrType.F32,
        IrKind.F32 => IrType.I32,
        IrKind.I64 => IrType.F64,
        _ => IrType.I64,
    }, value);

    static StackValue FromHalf(MethodTranslator t, MethodBase method, StackValue[] arguments)
    {
        Value single = t.Emit.Unary(Opcode.HalfToFloat, IrType.F32, t.Value(arguments[0]));
        return new Scalar(t.Coerce(single, t.Layout(((MethodInfo)method).ReturnType).Leaves[0].Type.ValueType()));
    }

    /// <summary>float to Half has an instruction; every other explicit conversion goes through float.</summary>
    static StackValue HalfConversion(MethodTranslator t, MethodBase method, StackValue[] arguments)
    {
        Type from = method.GetParameters()[0].ParameterType, to = ((MethodInfo)method).ReturnType;
        if (to.IsPrimitive)
        {
            Value single = t.Emit.Unary(Opcode.HalfToFloat, IrType.F32, t.Value(arguments[0]));
            bool wide = Type.GetTypeCode(to) is TypeCode.Int64 or TypeCode.UInt64;
            bool unsigned = Type.GetTypeCode(to) is TypeCode.UInt32 or TypeCode.UInt64;
            Value integer = t.Emit.Unary(unsigned ? Opcode.FloatToUInt : Opcode.FloatToInt, wide ? IrType.I64 : IrType.I32, single);
            return new Scalar(Type.GetTypeCode(to) switch
            {
                TypeCode.SByte => t.Emit.Unary(Opcode.SignExtend8, IrType.I32, integer),
                TypeCode.Byte => t.Emit.Unary(Opcode.ZeroExtend8, IrType.I32, integer),
                TypeCode.Int16 => t.Emit.Unary(Opcode.SignExtend16, IrType.I32, integer),
                TypeCode.UInt16 => t.Emit.Unary(Opcode.ZeroExtend16, IrType.I32, integer),
                _ => integer,
            });
        }
        Value value = t.Value(arguments[0]);
        if (value.Type.IsInteger)
            value = t.Emit.Unary(Type.GetTypeCode(from) is TypeCode.UInt32 or TypeCode.UInt64 ? Opcode.UIntToFloat : Opcode.IntToFloat, IrType.F32, value);
        return IntrinsicTable.Result(t, method, t.Emit.Unary(Opcode.FloatToHalf, IrType.I32, t.Coerce(value, IrType.F32)));
    }
}
