using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Ptx;

/// <summary>Atomics.</summary>
sealed partial class PtxFunctionEmitter
{
    void Atomic(Instruction instruction)
    {
        AtomicInfo info = (AtomicInfo)instruction.Payload!;
        (string space, string address) = Address(instruction.Operands[0]);
        bool wide = info.Type.Size() == 8;
        if (instruction.Opcode == Opcode.AtomicCompareExchange)
        {
            CompareExchange(space, address, NewResult(instruction), Register(instruction.Operands[1]), Register(instruction.Operands[2]), info.Type);
            return;
        }
        string value = Register(instruction.Operands[1]);
        bool isFloat = info.Type is MemoryType.F32 or MemoryType.F64;
        if (isFloat && info.Operation is not (AtomicOp.Add or AtomicOp.Exchange))
        {
            AtomicFloatExtreme(instruction, info, space, address, value);
            return;
        }
        string operation = info.Operation switch
        {
            AtomicOp.Add => "add." + (isFloat ? TypeName(info.Type) : wide ? "u64" : "u32"),
            AtomicOp.MinS => wide ? "min.s64" : "min.s32",
            AtomicOp.MinU => wide ? "min.u64" : "min.u32",
            AtomicOp.MaxS => wide ? "max.s64" : "max.s32",
            AtomicOp.MaxU => wide ? "max.u64" : "max.u32",
            AtomicOp.And => wide ? "and.b64" : "and.b32",
            AtomicOp.Or => wide ? "or.b64" : "or.b32",
            AtomicOp.Xor => wide ? "xor.b64" : "xor.b32",
            _ => wide ? "exch.b64" : "exch.b32",
        };
        Line($"atom{space}.{operation} {NewResult(instruction)}, {address}, {value};");
    }

    void CompareExchange(string space, string address, string result, string compare, string value, MemoryType type)
    {
        string bits = type.Size() == 8 ? "b64" : "b32";
        if (type is not (MemoryType.F32 or MemoryType.F64))
        {
            Line($"atom{space}.cas.{bits} {result}, {address}, {compare}, {value};");
            return;
        }
        IrType integer = type.Size() == 8 ? IrType.I64 : IrType.I32;
        string old = _registers.New(integer), expected = _registers.New(integer), wanted = _registers.New(integer);
        Line($"mov.{bits} {expected}, {compare};");
        Line($"mov.{bits} {wanted}, {value};");
        Line($"atom{space}.cas.{bits} {old}, {address}, {expected}, {wanted};");
        Line($"mov.{bits} {result}, {old};");
    }

    /// <summary>Minimum and maximum of floats have no atomic instruction: a compare-and-swap loop.</summary>
    void AtomicFloatExtreme(Instruction instruction, AtomicInfo info, string space, string address, string value)
    {
        string result = NewResult(instruction), type = TypeName(info.Type);
        string before = _registers.New(instruction.Type), wanted = _registers.New(instruction.Type), retry = _registers.New(IrType.Bool);
        string oldBits = _registers.New(info.Type.Size() == 8 ? IrType.I64 : IrType.I32), resultBits = _registers.New(info.Type.Size() == 8 ? IrType.I64 : IrType.I32);
        string bits = info.Type.Size() == 8 ? "b64" : "b32", again = NewLabel();
        Line($"ld{space}.{type} {result}, {address};");
        _body.Append(again).Append(":\n");
        Line($"mov.{type} {before}, {result};");
        Line($"{(info.Operation is AtomicOp.MinS or AtomicOp.MinU ? "min" : "max")}.{type} {wanted}, {before}, {value};");
        CompareExchange(space, address, result, before, wanted, info.Type);
        Line($"mov.{bits} {oldBits}, {before};");
        Line($"mov.{bits} {resultBits}, {result};");
        Line($"setp.ne.{bits} {retry}, {oldBits}, {resultBits};");
        Line($"@{retry} bra {again};");
    }
}
