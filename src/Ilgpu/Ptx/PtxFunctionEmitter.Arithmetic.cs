using System.Numerics;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Ptx;

/// <summary>Arithmetic that takes more than one line of PTX, or one of several.</summary>
sealed partial class PtxFunctionEmitter
{
    void Multiply(Instruction instruction)
    {
        IrType type = instruction.Type;
        if (type.IsFloat)
            Simple(instruction, $"mul.rn.{FloatType(type)}");
        else if (Widening(instruction.Operands[0], instruction.Operands[1]) is { } wide)
            Line($"mul.wide.{wide.Type} {NewResult(instruction)}, {Register(wide.Source)}, {Operand(instruction.Operands[1])};");
        else
            Simple(instruction, $"mul.lo.{SignedType(type)}");
    }

    /// <summary>A 64-bit product of an extended 32-bit value and a small constant: one instruction.</summary>
    static (string Type, Value Source)? Widening(Value a, Value b)
    {
        if (b is not Constant { Type.Kind: IrKind.I64, Signed: >= 0 and <= int.MaxValue } || a is not Instruction extension
            || extension.Operands is not [{ Type.Kind: IrKind.I32 }, ..])
            return null;
        return extension.Opcode switch
        {
            Opcode.ZeroExtend => ("u32", extension.Operands[0]),
            Opcode.SignExtend => ("s32", extension.Operands[0]),
            _ => null,
        };
    }

    /// <summary>
    /// A signed division by 2^shift, which ptxas would do as any other: negative dividends are raised by 2^shift - 1, so
    /// that the shift rounds toward zero.
    /// </summary>
    void DivideByPower(Instruction instruction, string a, int shift, bool isRemainder)
    {
        IrType type = instruction.Type;
        int bits = type.Kind == IrKind.I32 ? 32 : 64;
        string sign = _registers.New(type), bias = _registers.New(type), raised = _registers.New(type);
        Line($"shr.{SignedType(type)} {sign}, {a}, {bits - 1};");
        Line($"shr.{UnsignedType(type)} {bias}, {sign}, {bits - shift};");
        Line($"add.{SignedType(type)} {raised}, {a}, {bias};");
        if (!isRemainder)
        {
            Line($"shr.{SignedType(type)} {NewResult(instruction)}, {raised}, {shift};");
            return;
        }
        string multiple = _registers.New(type);
        Line($"and.{BitType(type)} {multiple}, {raised}, {-1L << shift};");
        Line($"sub.{SignedType(type)} {NewResult(instruction)}, {a}, {multiple};");
    }

    /// <summary>Division by zero gives all ones, its remainder the dividend; PTX leaves both open.</summary>
    void Divide(Instruction instruction)
    {
        bool isRemainder = instruction.Opcode is Opcode.RemS or Opcode.RemU;
        bool isSigned = instruction.Opcode is Opcode.DivS or Opcode.RemS;
        string type = isSigned ? SignedType(instruction.Type) : UnsignedType(instruction.Type);
        string mnemonic = (isRemainder ? "rem." : "div.") + type;
        string a = Register(instruction.Operands[0]);
        if (isSigned && instruction.Operands[1] is Constant { Signed: > 1 } power && BitOperations.IsPow2(power.Signed))
        {
            DivideByPower(instruction, a, BitOperations.TrailingZeroCount(power.Signed), isRemainder);
            return;
        }
        if (instruction.Operands[1] is Constant { Bits: not 0 } constant && (!isSigned || constant.Signed != -1))
        {
            Line($"{mnemonic} {NewResult(instruction)}, {a}, {Operand(constant)};");
            return;
        }
        string b = Register(instruction.Operands[1]);
        string isZero = _registers.New(IrType.Bool), safe = _registers.New(instruction.Type), quotient = _registers.New(instruction.Type);
        string bits = BitType(instruction.Type);
        Line($"setp.eq.{type} {isZero}, {b}, 0;");
        Line($"selp.{bits} {safe}, 1, {b}, {isZero};");
        if (isSigned)
        {
            // MinValue / -1: the divisor becomes 1 and the quotient is negated, which wraps as C#'s arithmetic does.
            string isMinusOne = _registers.New(IrType.Bool), divisor = _registers.New(instruction.Type);
            Line($"setp.eq.{type} {isMinusOne}, {safe}, -1;");
            Line($"selp.{bits} {divisor}, 1, {safe}, {isMinusOne};");
            string plain = _registers.New(instruction.Type), negated = _registers.New(instruction.Type);
            Line($"{mnemonic} {plain}, {a}, {divisor};");
            Line($"neg.{type} {negated}, {plain};");
            Line($"selp.{bits} {quotient}, {negated}, {plain}, {isMinusOne};");
        }
        else
        {
            Line($"{mnemonic} {quotient}, {a}, {safe};");
        }
        Line($"selp.{bits} {NewResult(instruction)}, {(isRemainder ? a : "-1")}, {quotient}, {isZero};");
    }

    /// <summary>Shift amounts count modulo the width; PTX clamps them.</summary>
    void Shift(Instruction instruction)
    {
        bool isWide = instruction.Type.Kind == IrKind.I64;
        int mask = isWide ? 63 : 31;
        if (instruction.Opcode == Opcode.Shl && instruction.Operands[1] is Constant { Bits: < 31 } left
            && Widening(instruction.Operands[0], Constant.Long(1L << (int)left.Bits)) is { } wide)
        {
            Line($"mul.wide.{wide.Type} {NewResult(instruction)}, {Register(wide.Source)}, {1 << (int)left.Bits};");
            return;
        }
        string amount;
        if (instruction.Operands[1] is Constant constant)
        {
            amount = (constant.Bits & (uint)mask).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        else
        {
            amount = _registers.New(IrType.I32);
            Line($"and.b32 {amount}, {Register(instruction.Operands[1])}, {mask};");
        }
        string mnemonic = instruction.Opcode switch
        {
            Opcode.Shl => isWide ? "shl.b64" : "shl.b32",
            Opcode.ShrS => isWide ? "shr.s64" : "shr.s32",
            _ => isWide ? "shr.u64" : "shr.u32",
        };
        Line($"{mnemonic} {NewResult(instruction)}, {Register(instruction.Operands[0])}, {amount};");
    }

    void Compare(Instruction instruction)
    {
        Comparison comparison = instruction.Comparison;
        Value a = instruction.Operands[0], b = instruction.Operands[1];
        if (a.Type.Kind == IrKind.Bool)
        {
            string differ = _registers.New(IrType.Bool);
            Line($"xor.pred {differ}, {Register(a)}, {Register(b)};");
            Line($"{(comparison.Predicate == Predicate.Equal ? "not" : "mov")}.pred {NewResult(instruction)}, {differ};");
            return;
        }
        string name = comparison.Predicate switch
        {
            Predicate.Equal => "eq",
            Predicate.NotEqual => "ne",
            Predicate.Less => "lt",
            Predicate.LessOrEqual => "le",
            Predicate.Greater => "gt",
            _ => "ge",
        };
        string type;
        if (a.Type.IsFloat)
        {
            bool unordered = comparison.Predicate == Predicate.NotEqual || comparison.Unordered && comparison.Predicate != Predicate.Equal;
            (name, type) = (unordered ? name + "u" : name, FloatType(a.Type));
        }
        else
        {
            bool narrow = BitType(a.Type) == "b32";
            type = (comparison.Unsigned || a.Type.IsPointer ? "u" : "s") + (narrow ? "32" : "64");
        }
        Line($"setp.{name}.{type} {NewResult(instruction)}, {Register(a)}, {OperandAs(b, a.Type)};");
    }

    void Select(Instruction instruction)
    {
        string condition = Register(instruction.Operands[0]);
        if (instruction.Type.Kind != IrKind.Bool)
        {
            string whenTrue = OperandAs(instruction.Operands[1], instruction.Type), whenFalse = OperandAs(instruction.Operands[2], instruction.Type);
            Line($"selp.{BitType(instruction.Type)} {NewResult(instruction)}, {whenTrue}, {whenFalse}, {condition};");
            return;
        }
        string first = _registers.New(IrType.Bool), not = _registers.New(IrType.Bool), second = _registers.New(IrType.Bool);
        Line($"and.pred {first}, {condition}, {Register(instruction.Operands[1])};");
        Line($"not.pred {not}, {condition};");
        Line($"and.pred {second}, {not}, {Register(instruction.Operands[2])};");
        Line($"or.pred {NewResult(instruction)}, {first}, {second};");
    }

    /// <summary>Saturating, NaN to 0: PTX saturates, and makes NaN 0 only from float32 to 32 bits.</summary>
    void FloatToInteger(Instruction instruction)
    {
        Value source = instruction.Operands[0];
        string from = FloatType(source.Type), x = Register(source);
        string to = instruction.Opcode == Opcode.FloatToInt ? SignedType(instruction.Type) : UnsignedType(instruction.Type);
        if (instruction.Type.Kind == IrKind.I32 && source.Type.Kind == IrKind.F32)
        {
            Line($"cvt.rzi.{to}.{from} {NewResult(instruction)}, {x};");
            return;
        }
        string isNumber = _registers.New(IrType.Bool), converted = _registers.New(instruction.Type);
        Line($"setp.num.{from} {isNumber}, {x}, {x};");
        Line($"cvt.rzi.{to}.{from} {converted}, {x};");
        Line($"selp.{BitType(instruction.Type)} {NewResult(instruction)}, {converted}, 0, {isNumber};");
    }
}
