using System.Reflection;
using System.Reflection.Emit;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>The IL of operations on values: the operands are on the stack, the result replaces them.</summary>
static class ArithmeticEmitter
{
    /// <summary>Calls that RyuJIT turns into instructions.</summary>
    static readonly Dictionary<(Opcode, IrKind), MethodInfo> Intrinsics = FindIntrinsics();

    /// <summary>The CLR type of a value: Bool is an int that holds 0 or 1, a pointer a native integer.</summary>
    public static Type ClrType(IrType type) => type.Kind switch
    {
        IrKind.Bool or IrKind.I32 => typeof(int),
        IrKind.I64 => typeof(long),
        IrKind.F32 => typeof(float),
        IrKind.F64 => typeof(double),
        IrKind.Pointer => typeof(nint),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "The type has no value on the CPU."),
    };

    public static void EmitConstant(ILGenerator il, Constant constant)
    {
        switch (constant.Type.Kind)
        {
            case IrKind.I64:
                il.Emit(OpCodes.Ldc_I8, (long)constant.Bits);
                break;
            case IrKind.F32:
                il.Emit(OpCodes.Ldc_R4, constant.AsFloat);
                break;
            case IrKind.F64:
                il.Emit(OpCodes.Ldc_R8, constant.AsDouble);
                break;
            case IrKind.Pointer:
                il.Emit(OpCodes.Ldc_I8, (long)constant.Bits);
                il.Emit(OpCodes.Conv_I);
                break;
            default:
                il.Emit(OpCodes.Ldc_I4, (int)constant.Bits);
                break;
        }
    }

    public static void EmitZero(ILGenerator il, IrType type) => EmitConstant(il, Constant.Zero(type));

    /// <exception cref="NotSupportedException">The opcode is no operation on values of this type.</exception>
    public static void Emit(ILGenerator il, Instruction instruction)
    {
        IrType from = instruction.Operands.Length > 0 ? instruction.Operands[0].Type : default;
        if (Simple(instruction, from) is { } opcode)
        {
            il.Emit(opcode);
            return;
        }
        switch (instruction.Opcode)
        {
            case Opcode.Shl:
            case Opcode.ShrS:
            case Opcode.ShrU:
                if (instruction.Operands[1] is not Constant count || count.Bits >= (ulong)from.Size * 8)
                {
                    il.Emit(OpCodes.Ldc_I4, from.Size * 8 - 1);
                    il.Emit(OpCodes.And);
                }
                il.Emit(instruction.Opcode == Opcode.Shl ? OpCodes.Shl
                    : instruction.Opcode == Opcode.ShrS ? OpCodes.Shr : OpCodes.Shr_Un);
                break;
            case Opcode.Not when instruction.Type.Kind == IrKind.Bool:
                EmitIsZero(il);
                break;
            case Opcode.Compare:
                EmitCompare(il, from, instruction.Comparison);
                break;
            case Opcode.UIntToFloat when from.Kind == IrKind.I32:
                il.Emit(OpCodes.Conv_U8);
                il.Emit(instruction.Type.Kind == IrKind.F32 ? OpCodes.Conv_R4 : OpCodes.Conv_R8);
                break;
            case Opcode.UIntToFloat:
                il.Emit(OpCodes.Call, Find(typeof(DeviceMath),
                    instruction.Type.Kind == IrKind.F32 ? "UnsignedToSingle" : "UnsignedToDouble", typeof(long)));
                break;
            case Opcode.Bitcast:
                il.Emit(OpCodes.Call, Find(typeof(BitConverter), (from.Kind, instruction.Type.Kind) switch
                {
                    (IrKind.I32, IrKind.F32) => "Int32BitsToSingle",
                    (IrKind.F32, IrKind.I32) => "SingleToInt32Bits",
                    (IrKind.I64, IrKind.F64) => "Int64BitsToDouble",
                    _ => "DoubleToInt64Bits",
                }, ClrType(from)));
                break;
            case Opcode.ZeroExtend when instruction.Type.Kind == IrKind.I32:
            case Opcode.AssumeAligned:
                break;
            default:
                EmitCall(il, instruction);
                break;
        }
    }

    /// <summary>Branches where a comparison, or its opposite, holds.</summary>
    public static void EmitBranch(ILGenerator il, IrType type, Comparison comparison, bool opposite, Label target)
    {
        Predicate predicate = comparison.Predicate;
        bool second = type.IsFloat ? comparison.Unordered : comparison.Unsigned || type.IsPointer;
        if (opposite)
        {
            predicate = predicate switch
            {
                Predicate.Equal => Predicate.NotEqual,
                Predicate.NotEqual => Predicate.Equal,
                Predicate.Less => Predicate.GreaterOrEqual,
                Predicate.LessOrEqual => Predicate.Greater,
                Predicate.Greater => Predicate.LessOrEqual,
                _ => Predicate.Less,
            };
            // The opposite of an ordered comparison holds for NaN.
            second ^= type.IsFloat;
        }
        il.Emit(predicate switch
        {
            Predicate.Equal => OpCodes.Beq,
            Predicate.NotEqual => OpCodes.Bne_Un,
            Predicate.Less => second ? OpCodes.Blt_Un : OpCodes.Blt,
            Predicate.LessOrEqual => second ? OpCodes.Ble_Un : OpCodes.Ble,
            Predicate.Greater => second ? OpCodes.Bgt_Un : OpCodes.Bgt,
            _ => second ? OpCodes.Bge_Un : OpCodes.Bge,
        }, target);
    }

    static void EmitCompare(ILGenerator il, IrType type, Comparison comparison)
    {
        bool second = type.IsFloat ? comparison.Unordered : comparison.Unsigned || type.IsPointer;
        // a <= b is the opposite of a > b; for floats the opposite turns the answer for NaN around.
        bool negatedSecond = type.IsFloat ? !second : second;
        switch (comparison.Predicate)
        {
            case Predicate.Equal:
                il.Emit(OpCodes.Ceq);
                break;
            case Predicate.NotEqual:
                il.Emit(OpCodes.Ceq);
                EmitIsZero(il);
                break;
            case Predicate.Less:
                il.Emit(second ? OpCodes.Clt_Un : OpCodes.Clt);
                break;
            case Predicate.Greater:
                il.Emit(second ? OpCodes.Cgt_Un : OpCodes.Cgt);
                break;
            case Predicate.LessOrEqual:
                il.Emit(negatedSecond ? OpCodes.Cgt_Un : OpCodes.Cgt);
                EmitIsZero(il);
                break;
            default:
                il.Emit(negatedSecond ? OpCodes.Clt_Un : OpCodes.Clt);
                EmitIsZero(il);
                break;
        }
    }

    static void EmitIsZero(ILGenerator il)
    {
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Ceq);
    }

    static OpCode? Simple(Instruction instruction, IrType from)
    {
        IrType to = instruction.Type;
        bool divides = instruction.Operands.Length > 1 && instruction.Operands[1] is Constant { Bits: not 0 };
        bool dividesSigned = divides && ((Constant)instruction.Operands[1]).Signed != -1;
        return instruction.Opcode switch
        {
            Opcode.Add or Opcode.PointerAdd => OpCodes.Add,
            Opcode.Sub => OpCodes.Sub,
            Opcode.Mul => OpCodes.Mul,
            Opcode.Neg => OpCodes.Neg,
            Opcode.And => OpCodes.And,
            Opcode.Or => OpCodes.Or,
            Opcode.Xor => OpCodes.Xor,
            Opcode.Not when to.IsInteger => OpCodes.Not,
            Opcode.Div => OpCodes.Div,
            Opcode.Rem => OpCodes.Rem,
            Opcode.DivS when dividesSigned => OpCodes.Div,
            Opcode.RemS when dividesSigned => OpCodes.Rem,
            Opcode.DivU when divides => OpCodes.Div_Un,
            Opcode.RemU when divides => OpCodes.Rem_Un,
            Opcode.ZeroExtend when to.Kind == IrKind.I64 => OpCodes.Conv_U8,
            Opcode.SignExtend => OpCodes.Conv_I8,
            Opcode.Truncate64 => OpCodes.Conv_I4,
            Opcode.SignExtend8 => OpCodes.Conv_I1,
            Opcode.ZeroExtend8 => OpCodes.Conv_U1,
            Opcode.SignExtend16 => OpCodes.Conv_I2,
            Opcode.ZeroExtend16 => OpCodes.Conv_U2,
            // Saturating with NaN to 0 on every processor since .NET 9.
            Opcode.FloatToInt => to.Kind == IrKind.I32 ? OpCodes.Conv_I4 : OpCodes.Conv_I8,
            Opcode.FloatToUInt => to.Kind == IrKind.I32 ? OpCodes.Conv_U4 : OpCodes.Conv_U8,
            Opcode.IntToFloat or Opcode.FloatConvert => to.Kind == IrKind.F32 ? OpCodes.Conv_R4 : OpCodes.Conv_R8,
            Opcode.PointerToInt => to.Kind == IrKind.I32 ? OpCodes.Conv_I4 : OpCodes.Conv_U8,
            Opcode.IntToPointer => OpCodes.Conv_U,
            _ => null,
        };
    }

    static void EmitCall(ILGenerator il, Instruction instruction)
    {
        IrType from = instruction.Operands[0].Type;
        // The JIT folds MinNumber and MaxNumber with a constant zero without minding its sign.
        bool byHand = instruction.Opcode is Opcode.Min or Opcode.Max
            && instruction.Operands.Any(operand => operand is Constant { Bits: 0 or 1UL << 31 or 1UL << 63 });
        if (byHand || !Intrinsics.TryGetValue((instruction.Opcode, from.Kind), out MethodInfo? method))
            method = Find(typeof(DeviceMath), instruction.Opcode.ToString(),
                [.. instruction.Operands.Select(operand => ClrType(operand.Type))]);
        il.Emit(OpCodes.Call, method);
        if (method.ReturnType == typeof(long) && instruction.Type.Kind == IrKind.I32)
            il.Emit(OpCodes.Conv_I4);
        else if (method.ReturnType == typeof(int) && instruction.Type.Kind == IrKind.I64)
            il.Emit(OpCodes.Conv_I8);
    }

    static MethodInfo Find(Type type, string name, params Type[] parameters) => type.GetMethod(name, parameters)
        ?? throw new NotSupportedException(
            $"The CPU accelerator has no {name} of {string.Join<Type>(", ", parameters)}.");

    static Dictionary<(Opcode, IrKind), MethodInfo> FindIntrinsics()
    {
        Dictionary<(Opcode, IrKind), MethodInfo> intrinsics = new();
        foreach ((IrKind kind, Type number, Type math) in
            ((IrKind, Type, Type)[])
            [
                (IrKind.F32, typeof(float), typeof(MathF)),
                (IrKind.F64, typeof(double), typeof(Math)),
            ])
        {
            void Map(Opcode opcode, Type type, string name, int operands) =>
                intrinsics[(opcode, kind)] = Find(type, name, [.. Enumerable.Repeat(number, operands)]);
            Map(Opcode.Fma, math, "FusedMultiplyAdd", 3);
            Map(Opcode.Sqrt, math, "Sqrt", 1);
            Map(Opcode.Floor, math, "Floor", 1);
            Map(Opcode.Ceiling, math, "Ceiling", 1);
            Map(Opcode.Round, math, "Round", 1);
            Map(Opcode.Truncate, math, "Truncate", 1);
            Map(Opcode.CopySign, math, "CopySign", 2);
            Map(Opcode.Abs, math, "Abs", 1);
            Map(Opcode.Min, number, "MinNumber", 2);
            Map(Opcode.Max, number, "MaxNumber", 2);
        }
        return intrinsics;
    }
}
