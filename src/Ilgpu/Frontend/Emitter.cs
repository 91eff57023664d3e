using IlgpuDca.Ilgpu.Ir;
using IlgpuDca.Ilgpu.Passes;

namespace IlgpuDca.Ilgpu.Frontend;

/// <summary>Appends instructions to the current block, simplified as they come.</summary>
sealed class Emitter(SsaBuilder ssa)
{
    readonly int _placed = ssa.Function.NewMark();
    int _allocations;

    public SsaBuilder Ssa => ssa;

    /// <summary>Where the IL that is being translated stands.</summary>
    public SourceLocation Location { get; set; }

    /// <summary>The value of an operation: a constant, an operand, or a new instruction.</summary>
    public Value Emit(Opcode opcode, IrType type, Value[] operands, object? payload = null)
    {
        for (int k = 0; k < operands.Length; k++)
            operands[k] = operands[k].Resolved;
        Instruction instruction = new(opcode, type, operands, payload);
        Value? simpler = instruction.IsPure ? Simplifier.Simplify(opcode, type, operands, payload) : null;
        return simpler switch
        {
            null => Place(instruction),
            Instruction made when made.Mark != _placed && !made.IsPhi => Place(made),
            _ => simpler,
        };
    }

    public Value Unary(Opcode opcode, IrType type, Value a) => Emit(opcode, type, [a]);

    public Value Binary(Opcode opcode, Value a, Value b) => Emit(opcode, a.Type, [a, b]);

    public Value Compare(Comparison comparison, Value a, Value b) => Emit(Opcode.Compare, IrType.Bool, [a, b], comparison);

    /// <summary>An instruction without a result.</summary>
    public void Effect(Opcode opcode, Value[] operands, object? payload = null) => Emit(opcode, IrType.Void, operands, payload);

    /// <summary>An allocation: placed in the entry block, once for its place in the code.</summary>
    public Instruction Allocate(AddressSpace space, int bytes, int alignment)
    {
        Instruction alloca = new(Opcode.Alloca, IrType.Pointer(space), [], new AllocaInfo(space, bytes, alignment)) { Location = Location };
        PlaceAtEntry(alloca);
        return alloca;
    }

    /// <summary>Puts an instruction without operands at the kernel's start, after those put there before.</summary>
    public void PlaceAtEntry(Instruction instruction)
    {
        instruction.Mark = _placed;
        ssa.Function.Entry.Instructions.Insert(_allocations++, instruction);
    }

    /// <summary>pointer + bytes.</summary>
    public Value Offset(Value pointer, Value bytes)
    {
        pointer = pointer.Resolved;
        return Emit(Opcode.PointerAdd, pointer.Type, [pointer, bytes]);
    }

    public Value Offset(Value pointer, long bytes) => bytes == 0 ? pointer : Offset(pointer, Constant.Long(bytes));

    public Value Load(Value pointer, MemoryType type, int alignment) =>
        Emit(Opcode.Load, type.ValueType(), [pointer], new MemoryAccess(type, 1, alignment));

    public void Store(Value pointer, Value value, MemoryType type, int alignment) =>
        Effect(Opcode.Store, [pointer, value], new MemoryAccess(type, 1, alignment));

    /// <summary>A Bool as C# keeps it: 0 or 1 in an I32.</summary>
    public Value ToInt(Value condition) => Unary(Opcode.ZeroExtend, IrType.I32, condition);

    /// <summary>Whether an integer or pointer is not zero.</summary>
    public Value ToBool(Value value)
    {
        value = value.Resolved;
        return value.Type.Kind == IrKind.Bool ? value : Compare(new Comparison(Predicate.NotEqual), value, Constant.Zero(value.Type));
    }

    Instruction Place(Instruction instruction)
    {
        instruction.Location = Location;
        instruction.Mark = _placed;
        ssa.Current.Instructions.Add(instruction);
        return instruction;
    }
}
