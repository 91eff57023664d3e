using System.Numerics;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Passes;

/// <summary>
/// Local rewriting: a pure instruction whose result is a constant, one of its operands, or a simpler instruction on them. Used by
/// the front end as it emits and by <see cref="FoldConstants"/>.
/// </summary>
static class Simplifier
{
    /// <summary>What the instruction equals, or null. A new instruction in the answer has no block yet.</summary>
    public static Value? Simplify(Opcode opcode, IrType type, Value[] operands, object? payload)
    {
        if (operands.Length > 0 && Array.TrueForAll(operands, operand => operand is Constant)
            && ConstantFolder.Fold(opcode, type, Array.ConvertAll(operands, operand => (Constant)operand), payload) is { } folded)
            return folded;

        Value a = operands.Length > 0 ? operands[0] : null!;
        Value b = operands.Length > 1 ? operands[1] : null!;
        switch (opcode)
        {
            case Opcode.Add when type.IsInteger:
                if (IsZero(a))
                    return b;
                if (IsZero(b))
                    return a;
                if (b is Constant && Match(a, Opcode.Add) is { } sum && sum.Operands[1] is Constant)
                    return Make(Opcode.Add, type, sum.Operands[0], Make(Opcode.Add, type, sum.Operands[1], b));
                return a is Constant ? new Instruction(Opcode.Add, type, [b, a]) : null;
            case Opcode.Sub when type.IsInteger:
                if (ReferenceEquals(a, b))
                    return Constant.Zero(type);
                // x - c is x + (-c), so that constants gather.
                return b is Constant ? Make(Opcode.Add, type, a, Make(Opcode.Neg, type, b)) : null;
            case Opcode.Mul when type.IsInteger:
                return SimplifyMultiply(type, a, b);
            case Opcode.And:
                if (IsZero(a) || IsZero(b))
                    return Constant.Zero(type);
                if (ReferenceEquals(a, b) || IsAllOnes(b))
                    return a;
                return IsAllOnes(a) ? b : null;
            case Opcode.Or:
                if (ReferenceEquals(a, b) || IsZero(b))
                    return a;
                return IsZero(a) ? b : null;
            case Opcode.Xor:
                if (ReferenceEquals(a, b))
                    return Constant.Zero(type);
                if (IsZero(b))
                    return a;
                return IsZero(a) ? b : null;
            case Opcode.Not:
                return SimplifyNot(a);
            case Opcode.Shl or Opcode.ShrS or Opcode.ShrU:
                return IsZero(b) ? a : Match(b, Opcode.And) is { } masked && masked.Operands[1] is Constant mask
                    && mask.Bits == (type.Kind == IrKind.I32 ? 31u : 63u) ? new Instruction(opcode, type, [a, masked.Operands[0]]) : null;
            case Opcode.DivU when b is Constant c && BitOperations.IsPow2(c.Bits):
                return Make(Opcode.ShrU, type, a, Constant.Int(BitOperations.TrailingZeroCount(c.Bits)));
            case Opcode.RemU when b is Constant c && BitOperations.IsPow2(c.Bits):
                return Make(Opcode.And, type, a, new Constant(type, c.Bits - 1));
            case Opcode.DivS when b is Constant { Bits: 1 }:
                return a;
            case Opcode.Compare:
                return SimplifyCompare((Comparison)payload!, a, b);
            case Opcode.Select:
                if (ReferenceEquals(b, operands[2]))
                    return b;
                return a is Constant condition ? condition.Bits != 0 ? b : operands[2] : null;
            case Opcode.Truncate64:
                return Match(a, Opcode.SignExtend, Opcode.ZeroExtend) is { } extended && extended.Operands[0].Type.Kind == IrKind.I32
                    ? extended.Operands[0] : null;
            case Opcode.Bitcast:
                return Match(a, Opcode.Bitcast) is { } cast && cast.Operands[0].Type == type ? cast.Operands[0] : null;
            case Opcode.PointerAdd:
                if (IsZero(b))
                    return a;
                return b is Constant && Match(a, Opcode.PointerAdd) is { } inner && inner.Operands[1] is Constant
                    ? Make(Opcode.PointerAdd, type, inner.Operands[0], Make(Opcode.Add, IrType.I64, inner.Operands[1], b)) : null;
            case Opcode.PointerToInt:
                return Match(a, Opcode.IntToPointer)?.Operands[0];
            case Opcode.ZeroExtend8 or Opcode.ZeroExtend16 or Opcode.SignExtend8 or Opcode.SignExtend16:
                return FitsAlready(opcode, a) ? a : null;
            default:
                return null;
        }
    }

    static Value Make(Opcode opcode, IrType type, params Value[] operands) =>
        Simplify(opcode, type, operands, null) ?? new Instruction(opcode, type, operands);

    static Value? SimplifyMultiply(IrType type, Value a, Value b)
    {
        if (a is Constant && b is not Constant)
            return Make(Opcode.Mul, type, b, a);
        if (b is not Constant c)
            return null;
        if (c.Bits == 0)
            return c;
        if (c.Bits == 1)
            return a;
        return BitOperations.IsPow2(c.Bits)
            ? Make(Opcode.Shl, type, a, Constant.Int(BitOperations.TrailingZeroCount(c.Bits))) : null;
    }

    static Value? SimplifyNot(Value a)
    {
        if (Match(a, Opcode.Not) is { } not)
            return not.Operands[0];
        if (a.Type.Kind == IrKind.Bool && Match(a, Opcode.Compare) is { } compare)
            return new Instruction(Opcode.Compare, IrType.Bool, compare.Operands, Negate(compare.Comparison, compare.Operands[0].Type.IsFloat));
        return null;
    }

    /// <summary>The comparison that holds exactly where this one doesn't; for floats, ordered becomes unordered.</summary>
    public static Comparison Negate(Comparison comparison, bool isFloat)
    {
        Predicate predicate = comparison.Predicate switch
        {
            Predicate.Equal => Predicate.NotEqual,
            Predicate.NotEqual => Predicate.Equal,
            Predicate.Less => Predicate.GreaterOrEqual,
            Predicate.LessOrEqual => Predicate.Greater,
            Predicate.Greater => Predicate.LessOrEqual,
            _ => Predicate.Less,
        };
        bool equality = predicate is Predicate.Equal or Predicate.NotEqual;
        return new Comparison(predicate, comparison.Unsigned, isFloat && !equality && !comparison.Unordered);
    }

    static Value? SimplifyCompare(Comparison comparison, Value a, Value b)
    {
        // C#'s booleans are integers on IL's stack: (extend(p) != 0) is p again.
        if (IsZero(b) && Match(a, Opcode.ZeroExtend) is { } extended && extended.Operands[0].Type.Kind == IrKind.Bool)
        {
            if (comparison.Predicate == Predicate.NotEqual || comparison is { Predicate: Predicate.Greater, Unsigned: true })
                return extended.Operands[0];
            if (comparison.Predicate == Predicate.Equal)
                return Make(Opcode.Not, IrType.Bool, extended.Operands[0]);
        }
        if (b is Constant { Bits: 1 } && comparison.Predicate == Predicate.Equal
            && Match(a, Opcode.ZeroExtend) is { } one && one.Operands[0].Type.Kind == IrKind.Bool)
            return one.Operands[0];
        if (ReferenceEquals(a, b) && a.Type.IsInteger)
            return Constant.Bool(comparison.Predicate is Predicate.Equal or Predicate.LessOrEqual or Predicate.GreaterOrEqual);
        // x > 0 unsigned is how C# writes x != 0.
        if (a.Type.IsInteger && IsZero(b) && comparison is { Unsigned: true, Predicate: Predicate.Greater })
            return new Instruction(Opcode.Compare, IrType.Bool, [a, b], new Comparison(Predicate.NotEqual));
        return null;
    }

    /// <summary>A narrow load, or a mask, already has the bits that an extension would give.</summary>
    static bool FitsAlready(Opcode extension, Value a)
    {
        if (a is not Instruction source)
            return false;
        if (source.Opcode == extension)
            return true;
        if (source.Opcode == Opcode.Load && source.Access.Count == 1)
            return (extension, source.Access.Type) is (Opcode.ZeroExtend8, MemoryType.U8) or (Opcode.SignExtend8, MemoryType.I8)
                or (Opcode.ZeroExtend16, MemoryType.U16 or MemoryType.U8) or (Opcode.SignExtend16, MemoryType.I16 or MemoryType.I8);
        if (source.Opcode == Opcode.And && source.Operands[1] is Constant mask)
            return extension == Opcode.ZeroExtend8 && mask.Bits <= 0xFF || extension == Opcode.ZeroExtend16 && mask.Bits <= 0xFFFF;
        return false;
    }

    static Instruction? Match(Value value, Opcode opcode) => value is Instruction instruction && instruction.Opcode == opcode ? instruction : null;

    static Instruction? Match(Value value, Opcode first, Opcode second) =>
        value is Instruction instruction && (instruction.Opcode == first || instruction.Opcode == second) ? instruction : null;

    static bool IsZero(Value value) => value is Constant { Bits: 0 } constant && !constant.Type.IsFloat;

    static bool IsAllOnes(Value value) => value is Constant constant && constant.Bits == constant.Type.Kind switch
    {
        IrKind.Bool => 1,
        IrKind.I32 => uint.MaxValue,
        _ => ulong.MaxValue,
    };
}
