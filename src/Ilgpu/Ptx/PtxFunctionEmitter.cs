using System.Globalization;
using System.Text;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Ptx;

/// <summary>
/// Prints one kernel. Every SSA value has a virtual register of its own; phis become moves at the ends of their predecessors.
/// ptxas assigns the real registers, so nothing is gained by reusing virtual ones.
/// </summary>
sealed partial class PtxFunctionEmitter(KernelFunction function)
{
    readonly RegisterFile _registers = new();
    readonly Accumulators _accumulators = new(function);
    readonly Dictionary<Value, string> _names = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<Instruction, string[]> _tuples = [];
    readonly Dictionary<Instruction, string> _symbols = [];
    readonly StringBuilder _body = new();
    int _labels;

    public void Emit(StringBuilder text)
    {
        NameSymbols();
        foreach (BasicBlock block in function.Blocks)
            foreach (Instruction phi in block.Phis)
                _names[phi] = _registers.New(phi.Type);
        LoadParameters();
        for (int k = 0; k < function.Blocks.Count; k++)
            EmitBlock(function.Blocks[k], k + 1 < function.Blocks.Count ? function.Blocks[k + 1] : null);

        DeclareConstants(text);
        text.Append(".visible .entry ").Append(function.Name).Append('(');
        text.AppendJoin(',', function.Parameters.Select(Declaration));
        text.Append("\n)\n");
        if (function.MaxThreadsPerGroup > 0)
            text.Append(CultureInfo.InvariantCulture, $".maxntid {function.MaxThreadsPerGroup}, 1, 1\n");
        if (function.MinGroupsPerMultiprocessor > 0)
            text.Append(CultureInfo.InvariantCulture, $".minnctapersm {function.MinGroupsPerMultiprocessor}\n");
        text.Append("{\n");
        _registers.Declare(text);
        DeclareMemory(text);
        text.Append(_body).Append("}\n");
    }

    static string Declaration(Parameter parameter) => parameter.MemoryType == MemoryType.TensorMap
        ? $"\n    .param .align 64 .b8 {ParameterName(parameter)}[{MemoryType.TensorMap.Size()}]"
        : $"\n    .param .{ParameterType(parameter.MemoryType)} {ParameterName(parameter)}";

    static string ParameterName(Parameter parameter) => "param_" + parameter.Index.ToString(CultureInfo.InvariantCulture);

    static string ParameterType(MemoryType type) => type switch
    {
        MemoryType.Pointer or MemoryType.I64 => "u64",
        MemoryType.I32 => "u32",
        _ => TypeName(type),
    };

    /// <summary>The PTX type of a memory access: signed for narrow integers that are sign-extended.</summary>
    static string TypeName(MemoryType type) => type switch
    {
        MemoryType.I8 => "s8",
        MemoryType.U8 => "u8",
        MemoryType.I16 => "s16",
        MemoryType.U16 => "u16",
        MemoryType.I32 => "u32",
        MemoryType.F32 => "f32",
        MemoryType.F64 => "f64",
        _ => "u64",
    };

    void NameSymbols()
    {
        int shared = 0, local = 0, constant = 0;
        foreach (Instruction instruction in function.Instructions)
            if (instruction.Opcode == Opcode.ConstantData)
                _symbols[instruction] = $"{function.Name}_constant{constant++}";
            else if (instruction.Opcode == Opcode.Alloca)
                _symbols[instruction] = instruction.AllocaInfo.Space == AddressSpace.Shared ? $"__shared_alloca{shared++}" : $"__local_alloca{local++}";
    }

    void DeclareConstants(StringBuilder text)
    {
        foreach ((Instruction instruction, string name) in _symbols)
            if (instruction.Payload is byte[] data)
                text.Append(CultureInfo.InvariantCulture, $".global .align 16 .b8 {name}[{data.Length}] = {{").AppendJoin(',', data).Append("};\n");
    }

    void DeclareMemory(StringBuilder text)
    {
        foreach ((Instruction instruction, string name) in _symbols)
            if (instruction.Opcode == Opcode.Alloca)
            {
                AllocaInfo info = instruction.AllocaInfo;
                string space = info.Space == AddressSpace.Shared ? "shared" : "local";
                text.Append(CultureInfo.InvariantCulture, $"    .{space} .align {info.Alignment} .b8 {name}[{info.Bytes}];\n");
            }
    }

    void LoadParameters()
    {
        foreach (Parameter parameter in function.Parameters)
        {
            string register = _registers.New(parameter.Type);
            if (parameter.MemoryType == MemoryType.TensorMap)
            {
                string address = _registers.New(parameter.Type);
                Line($"mov.b64 {address}, {ParameterName(parameter)};");
                Line($"cvta.param.u64 {register}, {address};");
                _names[parameter] = register;
                continue;
            }
            Line($"ld.param.{ParameterType(parameter.MemoryType)} {register}, [{ParameterName(parameter)}];");
            _names[parameter] = register;
            if (!parameter.Type.IsPointer)
                continue;
            string global = _registers.New(parameter.Type);
            Line($"cvta.to.global.u64 {global}, {register};");
            _names[parameter] = global;
        }
    }

    void EmitBlock(BasicBlock block, BasicBlock? next)
    {
        _body.Append(block).Append(":\n");
        foreach (Instruction instruction in block.Instructions)
            if (!instruction.IsPhi)
                EmitInstruction(instruction);

        Terminator end = block.Terminator;
        switch (end.Kind)
        {
            case TerminatorKind.Return:
                Line("ret;");
                break;
            case TerminatorKind.Jump:
                MoveToPhis(block, end.Targets[0]);
                if (end.Targets[0] != next)
                    Line($"bra {end.Targets[0]};");
                break;
            case TerminatorKind.Branch:
                EmitBranch(block, end, next);
                break;
            default:
                EmitSwitch(block, end);
                break;
        }
    }

    void EmitBranch(BasicBlock block, Terminator end, BasicBlock? next)
    {
        string condition = Register(end.Condition!);
        (BasicBlock whenTrue, BasicBlock whenFalse) = (end.Targets[0], end.Targets[1]);
        if (!whenTrue.Phis.Any())
        {
            Line($"@{condition} bra {whenTrue};");
            MoveToPhis(block, whenFalse);
            if (whenFalse != next)
                Line($"bra {whenFalse};");
        }
        else if (!whenFalse.Phis.Any())
        {
            Line($"@!{condition} bra {whenFalse};");
            MoveToPhis(block, whenTrue);
            if (whenTrue != next)
                Line($"bra {whenTrue};");
        }
        else
        {
            string edge = NewLabel();
            Line($"@{condition} bra {edge};");
            MoveToPhis(block, whenFalse);
            Line($"bra {whenFalse};");
            _body.Append(edge).Append(":\n");
            MoveToPhis(block, whenTrue);
            if (whenTrue != next)
                Line($"bra {whenTrue};");
        }
    }

    /// <summary>A chain of compares: ptxas makes the best of it, and C#'s switches in kernels are short.</summary>
    void EmitSwitch(BasicBlock block, Terminator end)
    {
        string selector = Register(end.Condition!);
        for (int k = 0; k < end.Targets.Length - 1; k++)
        {
            string hit = _registers.New(IrType.Bool), skip = NewLabel();
            Line($"setp.ne.u32 {hit}, {selector}, {k};");
            Line($"@{hit} bra {skip};");
            MoveToPhis(block, end.Targets[k]);
            Line($"bra {end.Targets[k]};");
            _body.Append(skip).Append(":\n");
        }
        MoveToPhis(block, end.Targets[^1]);
        Line($"bra {end.Targets[^1]};");
    }

    /// <summary>The phis' values along one edge: all are read before any is written.</summary>
    void MoveToPhis(BasicBlock from, BasicBlock to)
    {
        List<(string Target, string Source, IrType Type)> moves = [];
        foreach (Instruction phi in to.Phis)
        {
            string source = OperandAs(phi.Operands[Array.IndexOf(phi.Incoming!, from)], phi.Type);
            if (source != _names[phi])
                moves.Add((_names[phi], source, phi.Type));
        }
        HashSet<string> targets = [.. moves.Select(move => move.Target)];
        for (int k = 0; k < moves.Count; k++)
            if (targets.Contains(moves[k].Source))
            {
                string copy = _registers.New(moves[k].Type);
                Move(copy, moves[k].Source, moves[k].Type);
                moves[k] = moves[k] with { Source = copy };
            }
        foreach ((string target, string source, IrType type) in moves)
            Move(target, source, type);
    }

    void Move(string target, string source, IrType type) => Line($"mov.{BitType(type)} {target}, {source};");

    string NewLabel() => "edge" + _labels++.ToString(CultureInfo.InvariantCulture);

    void Line(FormattableString line) => _body.Append("    ").Append(FormattableString.Invariant(line)).Append('\n');

    void Line(string line) => _body.Append("    ").Append(line).Append('\n');

    /// <summary>A value as an operand: an immediate for constants, else its register.</summary>
    string Operand(Value value)
    {
        switch (value)
        {
            case Undefined:
                return Immediate(Constant.Zero(value.Type));
            case Constant constant:
                return Immediate(constant);
            default:
                return Register(value);
        }
    }

    static string Immediate(Constant constant) => constant.Type.Kind switch
    {
        IrKind.F32 => $"0f{constant.Bits:X8}",
        IrKind.F64 => $"0d{constant.Bits:X16}",
        IrKind.Bool => constant.Bits.ToString(CultureInfo.InvariantCulture),
        _ => constant.Signed.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>A value in a register; constants are moved into one, each time anew.</summary>
    string Register(Value value)
    {
        if (value is Constant or Undefined)
        {
            string register = _registers.New(value.Type);
            if (value.Type.Kind == IrKind.Bool)
                Line($"setp.ne.u32 {register}, {Operand(value)}, 0;");
            else
                Move(register, Operand(value), value.Type);
            return register;
        }
        return _names[value];
    }

    /// <summary>A value where a type is wanted: a pointer into one memory becomes generic where a phi mixes memories.</summary>
    string OperandAs(Value value, IrType type)
    {
        if (type.Kind == IrKind.Bool)
            return Register(value);
        if (!type.IsPointer || value.Type.Space == type.Space || value is Constant or Undefined)
            return Operand(value);
        return Generic(value);
    }

    /// <summary>A pointer's generic address.</summary>
    string Generic(Value pointer)
    {
        string address = Register(pointer);
        if (pointer.Type.Space is AddressSpace.Generic)
            return address;
        if (pointer.Type.Space == AddressSpace.Shared)
        {
            string wide = _registers.New(IrType.I64);
            Line($"cvt.u64.u32 {wide}, {address};");
            address = wide;
        }
        string generic = _registers.New(IrType.I64);
        Line($"cvta.{SpaceName(pointer.Type.Space)}.u64 {generic}, {address};");
        return generic;
    }

    static string SpaceName(AddressSpace space) => space switch
    {
        AddressSpace.Shared => "shared",
        AddressSpace.Local => "local",
        _ => "global",
    };

    static string BitType(IrType type) => type.Kind switch
    {
        IrKind.Bool => "pred",
        IrKind.F32 => "f32",
        IrKind.F64 => "f64",
        IrKind.I32 => "b32",
        IrKind.Pointer when type.Space == AddressSpace.Shared => "b32",
        _ => "b64",
    };

    string NewResult(Instruction instruction) => _names[instruction] = _registers.New(instruction.Type);
}
