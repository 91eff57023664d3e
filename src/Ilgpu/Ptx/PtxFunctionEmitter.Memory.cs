using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Ptx;

/// <summary>Loads and stores, special registers, barriers, shuffles; what leads to the files of addresses, atomics and inline PTX.</summary>
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
}
