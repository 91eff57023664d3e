using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Ptx;

/// <summary>Addresses, loads and stores, atomics, special registers, barriers, shuffles, inline PTX.</summary>
sealed partial class PtxFunctionEmitter
{
    void EmitMemory(Instruction instruction)
    {
        Value[] operands = instruction.Operands;
        switch (instruction.Opcode)
        {
            case Opcode.Alloca or Opcode.ConstantData:
                Line($"mov.{(instruction.Type.Space == AddressSpace.Shared ? "u32" : "u64")} {NewResult(instruction)}, {_symbols[instruction]};");
                break;
            case Opcode.DynamicShared:
                Line($"mov.u32 {NewResult(instruction)}, {PtxModule.DynamicShared};");
                break;
            case Opcode.PointerAdd:
                PointerAdd(instruction);
                break;
            case Opcode.AssumeAligned:
                _names[instruction] = OperandAs(operands[0], instruction.Type);
                break;
            case Opcode.PointerToInt:
                if (operands[0].Type.Space == AddressSpace.Shared)
                    Line($"cvt.u64.u32 {NewResult(instruction)}, {Register(operands[0])};");
                else
                    _names[instruction] = Register(operands[0]);
                break;
            case Opcode.SharedAddress:
                SharedAddress(instruction);
                break;
            case Opcode.IntToPointer:
                _names[instruction] = Register(operands[0]);
                break;
            case Opcode.Load:
                Load(instruction);
                break;
            case Opcode.Store:
                Store(instruction);
                break;
            case Opcode.Extract:
                _names[instruction] = _tuples[(Instruction)operands[0]][(int)instruction.Payload!];
                break;
            case Opcode.Atomic or Opcode.AtomicCompareExchange:
                Atomic(instruction);
                break;
            case Opcode.Fence:
                Line($"membar.{(FenceLevel)instruction.Payload! switch { FenceLevel.Group => "cta", FenceLevel.Device => "gl", _ => "sys" }};");
                break;
            case Opcode.Special:
                Line($"mov.u32 {NewResult(instruction)}, {SpecialName((SpecialRegister)instruction.Payload!)};");
                break;
            case Opcode.Barrier:
                Line("bar.sync 0;");
                break;
            case Opcode.WarpBarrier:
                Line("bar.warp.sync 0xffffffff;");
                break;
            case Opcode.BarrierPopCount:
                Line($"bar.red.popc.u32 {NewResult(instruction)}, 0, {Register(operands[0])};");
                break;
            case Opcode.BarrierAnd or Opcode.BarrierOr:
                Line($"bar.red.{(instruction.Opcode == Opcode.BarrierAnd ? "and" : "or")}.pred {NewResult(instruction)}, 0, {Register(operands[0])};");
                break;
            case Opcode.Shuffle:
                Shuffle(instruction);
                break;
            case Opcode.Asm:
                InlineAssembly(instruction);
                break;
            default:
                throw new InvalidOperationException($"{function.Name}: {instruction.Opcode} has no PTX form.");
        }
    }

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

    static string SpecialName(SpecialRegister register) => register switch
    {
        SpecialRegister.GridIdxX => "%ctaid.x",
        SpecialRegister.GridIdxY => "%ctaid.y",
        SpecialRegister.GridIdxZ => "%ctaid.z",
        SpecialRegister.GridDimX => "%nctaid.x",
        SpecialRegister.GridDimY => "%nctaid.y",
        SpecialRegister.GridDimZ => "%nctaid.z",
        SpecialRegister.GroupIdxX => "%tid.x",
        SpecialRegister.GroupIdxY => "%tid.y",
        SpecialRegister.GroupIdxZ => "%tid.z",
        SpecialRegister.GroupDimX => "%ntid.x",
        SpecialRegister.GroupDimY => "%ntid.y",
        SpecialRegister.GroupDimZ => "%ntid.z",
        SpecialRegister.LaneIdx => "%laneid",
        _ => "%dynamic_smem_size",
    };

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

    /// <summary>".space" (empty for generic) and "[register+offset]" of an access; constant sums go into the instruction.</summary>
    (string Space, string Address) Address(Value pointer)
    {
        AddressSpace space = pointer.Type.Space;
        string spaceName = space == AddressSpace.Generic ? "" : "." + SpaceName(space);
        if (pointer is Instruction { Opcode: Opcode.PointerAdd } sum && sum.Operands[1] is Constant { Signed: >= int.MinValue and <= int.MaxValue } offset
            && sum.Operands[0].Type.Space == space)
            return (spaceName, $"[{Register(sum.Operands[0])}+{offset.Signed}]");
        return (spaceName, $"[{Register(pointer)}]");
    }

    void Load(Instruction instruction)
    {
        MemoryAccess access = instruction.Access;
        (string space, string address) = Address(instruction.Operands[0]);
        if (access.Count == 1)
        {
            Line($"ld{space}.{TypeName(access.Type)} {NewResult(instruction)}, {address};");
            return;
        }
        string[] results = [.. Enumerable.Range(0, access.Count).Select(_ => _registers.New(access.Type.ValueType()))];
        _tuples[instruction] = results;
        Line($"ld{space}.v{access.Count}.{TypeName(access.Type)} {{{string.Join(", ", results)}}}, {address};");
    }

    void Store(Instruction instruction)
    {
        MemoryAccess access = instruction.Access;
        (string space, string address) = Address(instruction.Operands[0]);
        // Stored addresses are generic: whoever loads them can't know better.
        string[] values = [.. instruction.Operands.Skip(1).Select(value => value.Type.IsPointer ? Generic(value) : Register(value))];
        string type = TypeName(access.Type).Replace('s', 'u');
        Line(access.Count == 1 ? $"st{space}.{type} {address}, {values[0]};"
            : $"st{space}.v{access.Count}.{type} {address}, {{{string.Join(", ", values)}}};");
    }

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

    void Shuffle(Instruction instruction)
    {
        ShuffleMode mode = (ShuffleMode)instruction.Payload!;
        string name = mode switch { ShuffleMode.Index => "idx", ShuffleMode.Up => "up", ShuffleMode.Down => "down", _ => "bfly" };
        string lane = Operand(instruction.Operands[1]);
        string control = ShuffleControl(instruction.Operands[2], mode == ShuffleMode.Up ? 0 : 31);
        string source = Register(instruction.Operands[0]), result = NewResult(instruction);
        if (instruction.Type.Size == 4)
        {
            Line($"shfl.sync.{name}.b32 {result}, {source}, {lane}, {control}, 0xffffffff;");
            return;
        }
        string low = _registers.New(IrType.I32), high = _registers.New(IrType.I32);
        Line($"mov.b64 {{{low}, {high}}}, {source};");
        string newLow = _registers.New(IrType.I32), newHigh = _registers.New(IrType.I32);
        Line($"shfl.sync.{name}.b32 {newLow}, {low}, {lane}, {control}, 0xffffffff;");
        Line($"shfl.sync.{name}.b32 {newHigh}, {high}, {lane}, {control}, 0xffffffff;");
        Line($"mov.b64 {result}, {{{newLow}, {newHigh}}};");
    }

    /// <summary>shfl's last operand: the segment mask (32 - width) in bits 8 to 12, the clamp in bits 0 to 4.</summary>
    string ShuffleControl(Value width, int clamp)
    {
        if (width is Constant constant)
            return (((32 - (int)constant.Bits) << 8) | clamp).ToString(System.Globalization.CultureInfo.InvariantCulture);
        string segment = _registers.New(IrType.I32), shifted = _registers.New(IrType.I32), control = _registers.New(IrType.I32);
        Line($"sub.s32 {segment}, 32, {Register(width)};");
        Line($"shl.b32 {shifted}, {segment}, 8;");
        Line($"or.b32 {control}, {shifted}, {clamp};");
        return control;
    }

    /// <summary>The template with its operands' registers; 16-bit and predicate operands are converted around it.</summary>
    void InlineAssembly(Instruction instruction)
    {
        AsmInfo info = (AsmInfo)instruction.Payload!;
        List<string> registers = [], results = [], after = [];
        int input = 0;
        foreach (AsmOperand operand in info.Operands)
        {
            IrType type = operand.Type.ValueType();
            bool isHalf = operand.Type.Size() < 4 && !operand.IsBool;
            Value? value = operand.Kind == AsmOperandKind.Output ? null : instruction.Operands[input++];
            bool keeps = info.InPlace && operand.Kind == AsmOperandKind.InOut && _accumulators.Keeps(instruction, value!);
            string bound = operand.IsBool ? _registers.New(IrType.Bool) : isHalf ? _registers.NewHalf()
                : operand.Kind == AsmOperandKind.Input || keeps ? Register(value!) : _registers.New(type);
            registers.Add(bound);
            if (value is not null && operand.IsBool)
                Line($"setp.ne.u32 {bound}, {Register(value)}, 0;");
            else if (value is not null && isHalf)
                Line($"cvt.u16.u32 {bound}, {Register(value)};");
            else if (value is not (null or Undefined) && operand.Kind == AsmOperandKind.InOut && !keeps)
                Move(bound, Operand(value), type);
            if (operand.Kind == AsmOperandKind.Input)
                continue;
            string result = operand.IsBool || isHalf ? _registers.New(IrType.I32) : bound;
            results.Add(result);
            if (operand.IsBool)
                after.Add($"selp.u32 {result}, 1, 0, {bound};");
            else if (isHalf)
                after.Add($"cvt.{(operand.Type is MemoryType.I8 or MemoryType.I16 ? "s32.s" : "u32.u")}16 {result}, {bound};");
        }
        _tuples[instruction] = [.. results];
        Line(Substitute(info.Template, registers));
        foreach (string line in after)
            Line(line);
    }

    static string Substitute(string template, List<string> registers)
    {
        System.Text.StringBuilder text = new();
        for (int k = 0; k < template.Length; k++)
        {
            if (template[k] != '%')
            {
                text.Append(template[k]);
                continue;
            }
            if (template[k + 1] == '%')
            {
                text.Append('%');
                k++;
                continue;
            }
            int end = k + 1;
            while (end < template.Length && char.IsAsciiDigit(template[end]))
                end++;
            text.Append(registers[int.Parse(template.AsSpan(k + 1, end - k - 1), System.Globalization.CultureInfo.InvariantCulture)]);
            k = end - 1;
        }
        return text.ToString();
    }
}
