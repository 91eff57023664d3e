using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Ptx;

/// <summary>Addresses: pointers of 64 bits, those of shared memory in 32.</summary>
sealed partial class PtxFunctionEmitter
{
    void SharedAddress(Instruction instruction)
    {
        string pointer = Register(instruction.Operands[0]);
        if (instruction.Operands[0].Type.Space == AddressSpace.Shared)
        {
            _names[instruction] = pointer;
            return;
        }
        string wide = _registers.New(IrType.I64);
        Line($"cvta.to.shared.u64 {wide}, {pointer};");
        Line($"cvt.u32.u64 {NewResult(instruction)}, {wide};");
    }

    void PointerAdd(Instruction instruction)
    {
        Value pointer = instruction.Operands[0], offset = instruction.Operands[1];
        string start = OperandAs(pointer, instruction.Type);
        if (instruction.Type.Space == AddressSpace.Shared)
            Line($"add.s32 {NewResult(instruction)}, {start}, {Low32(offset)};");
        else
            Line($"add.s64 {NewResult(instruction)}, {start}, {Operand(offset)};");
    }

    /// <summary>The low half of a 64-bit offset, computed in 32 bits where its parts allow it: shared addresses are 32 bits.</summary>
    string Low32(Value value, int depth = 0)
    {
        if (value is Constant constant)
            return ((int)constant.Bits).ToString(System.Globalization.CultureInfo.InvariantCulture);
        string result;
        if (value is Instruction instruction && depth < 8)
        {
            Value[] operands = instruction.Operands;
            switch (instruction.Opcode)
            {
                case Opcode.ZeroExtend or Opcode.SignExtend when operands[0].Type.Kind == IrKind.I32:
                    return Register(operands[0]);
                case Opcode.Add or Opcode.Sub or Opcode.Mul:
                    string a = Low32(operands[0], depth + 1), b = Low32(operands[1], depth + 1);
                    result = _registers.New(IrType.I32);
                    Line($"{instruction.Opcode switch { Opcode.Add => "add", Opcode.Sub => "sub", _ => "mul.lo" }}.s32 {result}, {a}, {b};");
                    return result;
                case Opcode.Shl when operands[1] is Constant { Bits: < 32 } shift:
                    string shifted = Low32(operands[0], depth + 1);
                    result = _registers.New(IrType.I32);
                    Line($"shl.b32 {result}, {shifted}, {shift.Bits};");
                    return result;
            }
        }
        result = _registers.New(IrType.I32);
        Line($"cvt.u32.u64 {result}, {Register(value)};");
        return result;
    }
}
