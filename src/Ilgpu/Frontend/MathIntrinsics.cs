using System.Reflection;
using IlgpuDca.Ilgpu.Diagnostics;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Frontend;

/// <summary>
/// Functions of XMath, MathF, Math, IntrinsicMath and the number types. Functions without an instruction of their own are built
/// here from those that have one, so both back ends compute the same.
/// </summary>
static class MathIntrinsics
{
    const string XMath = "ILGPU.Algorithms.XMath", Intrinsic = "ILGPU.IntrinsicMath";
    static readonly string[] MathTypes = [XMath, Intrinsic, "System.MathF", "System.Math", "System.Single", "System.Double"];
    static readonly string[] IntegerTypes = ["System.Int32", "System.UInt32", "System.Int64", "System.UInt64"];

    public static void Register(Dictionary<string, Intrinsic> table)
    {
        foreach (string type in (string[])[.. MathTypes, .. IntegerTypes])
        {
            // XMath and IntrinsicMath return the other operand where one is NaN; the framework's own return NaN.
            bool propagatesNaN = type is not (XMath or Intrinsic);
            table[type + ".Abs"] = (t, m, a) => new Scalar(Absolute(t, m, Arg(t, a, 0)));
            table[type + ".Min"] = (t, m, a) => new Scalar(Extreme(t, m, Arg(t, a, 0), Arg(t, a, 1), isMax: false, propagatesNaN));
            table[type + ".Max"] = (t, m, a) => new Scalar(Extreme(t, m, Arg(t, a, 0), Arg(t, a, 1), isMax: true, propagatesNaN));
            table[type + ".Clamp"] = (t, m, a) => new Scalar(Extreme(t, m,
                Extreme(t, m, Arg(t, a, 0), Arg(t, a, 1), isMax: true, propagatesNaN), Arg(t, a, 2), isMax: false, propagatesNaN));
        }
        foreach (string type in MathTypes)
        {
            RegisterUnary(table, type, "Sqrt", Opcode.Sqrt, allowsDouble: true);
            RegisterUnary(table, type, "Floor", Opcode.Floor, allowsDouble: true);
            RegisterUnary(table, type, "Ceiling", Opcode.Ceiling, allowsDouble: true);
            RegisterUnary(table, type, "Truncate", Opcode.Truncate, allowsDouble: true);
            RegisterUnary(table, type, "Exp2", Opcode.Exp2);
            RegisterUnary(table, type, "Log2", Opcode.Log2);
            RegisterUnary(table, type, "Sin", Opcode.Sin);
            RegisterUnary(table, type, "Cos", Opcode.Cos);
            table[type + ".Round"] = (t, m, a) => a.Length == 1 ? Unary(t, m, a, Opcode.Round, allowsDouble: true)
                : throw t.Refuse(JitError.NoDeviceForm, $"{MethodTranslator.Name(m)} has no PTX form.", "call Round with one argument: ties go to even.");
            table[type + ".CopySign"] = (t, _, a) => new Scalar(t.Emit.Binary(Opcode.CopySign, Arg(t, a, 0), Arg(t, a, 1)));
            table[type + ".FusedMultiplyAdd"] = (t, _, a) =>
                new Scalar(t.Emit.Emit(Opcode.Fma, Arg(t, a, 0).Type, [Arg(t, a, 0), Arg(t, a, 1), Arg(t, a, 2)]));
            table[type + ".Exp"] = (t, m, a) => new Scalar(Exp2(t, Scaled(t, Single(t, m, a, 0), 1.44269504f)));
            table[type + ".Log"] = (t, m, a) => a.Length == 1 ? new Scalar(Scaled(t, Log2(t, Single(t, m, a, 0)), 0.693147181f))
                : throw t.Refuse(JitError.NoDeviceForm, $"{MethodTranslator.Name(m)} has no PTX form.", "divide two logarithms.");
            table[type + ".Log10"] = (t, m, a) => new Scalar(Scaled(t, Log2(t, Single(t, m, a, 0)), 0.301029996f));
            table[type + ".Pow"] = (t, m, a) =>
                new Scalar(Exp2(t, t.Emit.Binary(Opcode.Mul, Single(t, m, a, 1), Log2(t, Single(t, m, a, 0)))));
            table[type + ".Tan"] = (t, m, a) => new Scalar(t.Emit.Binary(Opcode.Div,
                t.Emit.Unary(Opcode.Sin, IrType.F32, Single(t, m, a, 0)), t.Emit.Unary(Opcode.Cos, IrType.F32, Single(t, m, a, 0))));
            table[type + ".Tanh"] = (t, m, a) => new Scalar(Tanh(t, Single(t, m, a, 0)));
            table[type + ".IsNaN"] = (t, _, a) => Flag(t, t.Emit.Compare(new Comparison(Predicate.NotEqual), Arg(t, a, 0), Arg(t, a, 0)));
            table[type + ".IsInfinity"] = (t, _, a) => Flag(t, t.Emit.Compare(new Comparison(Predicate.Equal), Magnitude(t, a), Infinity(t, a)));
            table[type + ".IsFinite"] = (t, _, a) => Flag(t, t.Emit.Compare(new Comparison(Predicate.Less), Magnitude(t, a), Infinity(t, a)));
        }
        table[XMath + ".Rsqrt"] = (t, _, a) => Reciprocal(t, a, Opcode.Rsqrt);
        table[XMath + ".Rcp"] = (t, _, a) => Reciprocal(t, a, Opcode.Rcp);
        table[XMath + ".Rem"] = (t, _, a) => t.Remainder(Arg(t, a, 0), Arg(t, a, 1));
        table[XMath + ".SinCos"] = SinCos;

        foreach (string type in (string[])[Intrinsic, Intrinsic + "+BitOperations", "System.Numerics.BitOperations"])
        {
            table[type + ".PopCount"] = (t, _, a) => new Scalar(t.Emit.Unary(Opcode.PopCount, IrType.I32, Arg(t, a, 0)));
            table[type + ".LeadingZeroCount"] = (t, _, a) => new Scalar(t.Emit.Unary(Opcode.LeadingZeros, IrType.I32, Arg(t, a, 0)));
            table[type + ".TrailingZeroCount"] = (t, _, a) => new Scalar(t.Emit.Unary(Opcode.TrailingZeros, IrType.I32, Arg(t, a, 0)));
        }
    }

    static void RegisterUnary(Dictionary<string, Intrinsic> table, string type, string name, Opcode opcode, bool allowsDouble = false) =>
        table[$"{type}.{name}"] = (t, m, a) => Unary(t, m, a, opcode, allowsDouble);

    static Scalar Unary(MethodTranslator t, MethodBase method, StackValue[] arguments, Opcode opcode, bool allowsDouble)
    {
        Value x = allowsDouble ? Arg(t, arguments, 0) : Single(t, method, arguments, 0);
        return new Scalar(t.Emit.Unary(opcode, x.Type, x));
    }

    static Value Arg(MethodTranslator t, StackValue[] arguments, int index) => t.Value(arguments[index]);

    /// <summary>A float argument; GPUs have no such function for double.</summary>
    static Value Single(MethodTranslator t, MethodBase method, StackValue[] arguments, int index)
    {
        Value value = Arg(t, arguments, index);
        return value.Type.Kind == IrKind.F32 ? value
            : throw t.Refuse(JitError.DoubleFunction, $"{MethodTranslator.Name(method)} has no PTX form.", "call it on float, or work it out on the host in double.");
    }

    /// <summary>The lowest value of a narrow type stays what it is, as in 32 bits.</summary>
    static Value Absolute(MethodTranslator t, MethodBase method, Value a)
    {
        Value absolute = t.Emit.Unary(Opcode.Abs, a.Type, a);
        return Type.GetTypeCode(((MethodInfo)method).ReturnType) switch
        {
            TypeCode.SByte => t.Emit.Unary(Opcode.SignExtend8, IrType.I32, absolute),
            TypeCode.Int16 => t.Emit.Unary(Opcode.SignExtend16, IrType.I32, absolute),
            _ => absolute,
        };
    }

    static Value Extreme(MethodTranslator t, MethodBase method, Value a, Value b, bool isMax, bool propagatesNaN)
    {
        if (a.Type.IsInteger)
        {
            bool unsigned = Type.GetTypeCode(method.GetParameters()[0].ParameterType)
                is TypeCode.UInt32 or TypeCode.UInt64 or TypeCode.UInt16 or TypeCode.Byte;
            return t.Emit.Binary(isMax ? unsigned ? Opcode.MaxU : Opcode.MaxS : unsigned ? Opcode.MinU : Opcode.MinS, a, b);
        }
        Value extreme = t.Emit.Binary(isMax ? Opcode.Max : Opcode.Min, a, b);
        if (!propagatesNaN)
            return extreme;
        Value aIsNaN = t.Emit.Compare(new Comparison(Predicate.NotEqual), a, a);
        Value bIsNaN = t.Emit.Compare(new Comparison(Predicate.NotEqual), b, b);
        Value orB = t.Emit.Emit(Opcode.Select, b.Type, [bIsNaN, b, extreme]);
        return t.Emit.Emit(Opcode.Select, a.Type, [aIsNaN, a, orB]);
    }

    static Value Scaled(MethodTranslator t, Value x, float factor) => t.Emit.Binary(Opcode.Mul, x, Constant.Float(factor));

    static Value Exp2(MethodTranslator t, Value x) => t.Emit.Unary(Opcode.Exp2, IrType.F32, x);

    static Value Log2(MethodTranslator t, Value x) => t.Emit.Unary(Opcode.Log2, IrType.F32, x);

    /// <summary>tanh x = 1 - 2 / (e^(2x) + 1): exact at both infinities, an absolute error of 1e-7 near 0.</summary>
    static Value Tanh(MethodTranslator t, Value x)
    {
        Value sum = t.Emit.Binary(Opcode.Add, Exp2(t, Scaled(t, x, 2.88539008f)), Constant.Float(1));
        return t.Emit.Binary(Opcode.Sub, Constant.Float(1), t.Emit.Binary(Opcode.Div, Constant.Float(2), sum));
    }

    static Value Magnitude(MethodTranslator t, StackValue[] a) => t.Emit.Unary(Opcode.Abs, Arg(t, a, 0).Type, Arg(t, a, 0));

    static Constant Infinity(MethodTranslator t, StackValue[] a) => Arg(t, a, 0).Type.Kind == IrKind.F32
        ? Constant.Float(float.PositiveInfinity) : Constant.Double(double.PositiveInfinity);

    static Scalar Flag(MethodTranslator t, Value condition) => new(t.Emit.ToInt(condition));

    static Scalar Reciprocal(MethodTranslator t, StackValue[] arguments, Opcode opcode)
    {
        Value x = Arg(t, arguments, 0);
        if (x.Type.Kind == IrKind.F32)
            return new Scalar(t.Emit.Unary(opcode, x.Type, x));
        if (opcode == Opcode.Rsqrt)
            x = t.Emit.Unary(Opcode.Sqrt, x.Type, x);
        return new Scalar(t.Emit.Binary(Opcode.Div, Constant.Double(1), x));
    }

    static StackValue? SinCos(MethodTranslator t, MethodBase method, StackValue[] arguments)
    {
        Value x = Single(t, method, arguments, 0);
        t.Write(arguments[1], new Scalar(t.Emit.Unary(Opcode.Sin, IrType.F32, x)), typeof(float));
        t.Write(arguments[2], new Scalar(t.Emit.Unary(Opcode.Cos, IrType.F32, x)), typeof(float));
        return null;
    }
}
