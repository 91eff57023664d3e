using IlgpuDca.Ilgpu.Ir;
using IlgpuDca.Ilgpu.Runtime.Cpu;

namespace IlgpuDca.Ilgpu.Tests.Cpu;

/// <summary>Builds small kernels by hand: parameters, then instructions into the current block.</summary>
sealed class IrBuilder
{
    public IrBuilder(string name = "kernel")
    {
        Function = new KernelFunction(name, typeof(IrBuilder).GetMethod(nameof(Build))!);
        Block = Function.AddBlock();
    }

    public KernelFunction Function { get; }

    public BasicBlock Block { get; set; }

    /// <summary>Given to every instruction that is made; the offset tells instructions apart.</summary>
    public SourceLocation Location { get; set; }

    public Value X => Special(SpecialRegister.GroupIdxX);

    public Value Lane => Special(SpecialRegister.LaneIdx);

    public Parameter Parameter(MemoryType memory, IrType? type = null)
    {
        int index = Function.Parameters.Count;
        Parameter parameter = new(index, "p" + index, memory,
            type ?? (memory == MemoryType.Pointer ? IrType.Pointer(AddressSpace.Global) : memory.ValueType()));
        Function.Parameters.Add(parameter);
        return parameter;
    }

    public Parameter Pointer() => Parameter(MemoryType.Pointer);

    public Instruction Build(Opcode opcode, IrType type, object? payload, params Value[] operands)
    {
        Instruction instruction = new(opcode, type, operands, payload) { Location = Location };
        Block.Instructions.Add(instruction);
        return instruction;
    }

    public Instruction Op(Opcode opcode, IrType type, params Value[] operands) => Build(opcode, type, null, operands);

    public Value Special(SpecialRegister register) => Build(Opcode.Special, IrType.I32, register);

    public Value Add(Value a, Value b) => Op(Opcode.Add, a.Type, a, b);

    public Value Mul(Value a, Value b) => Op(Opcode.Mul, a.Type, a, b);

    public Value Compare(Predicate predicate, Value a, Value b, bool unsigned = false, bool unordered = false) =>
        Build(Opcode.Compare, IrType.Bool, new Comparison(predicate, unsigned, unordered), a, b);

    /// <summary>pointer + index · size bytes; the index is an I32.</summary>
    public Value At(Value pointer, Value index, int size)
    {
        Value wide = Op(Opcode.SignExtend, IrType.I64, index);
        return Op(Opcode.PointerAdd, pointer.Type, pointer, Op(Opcode.Mul, IrType.I64, wide, Constant.Long(size)));
    }

    public Value Load(Value pointer, MemoryType type) =>
        Build(Opcode.Load, type.ValueType(), new MemoryAccess(type, 1, type.Size()), pointer);

    public void Store(Value pointer, MemoryType type, Value value) =>
        Build(Opcode.Store, IrType.Void, new MemoryAccess(type, 1, type.Size()), pointer, value);

    public Value LoadAt(Value pointer, Value index, MemoryType type) => Load(At(pointer, index, type.Size()), type);

    public void StoreAt(Value pointer, Value index, MemoryType type, Value value) =>
        Store(At(pointer, index, type.Size()), type, value);

    public Instruction Phi(IrType type) => new(Opcode.Phi, type, []) { Incoming = [] };

    public Instruction Alloca(AddressSpace space, int bytes, int alignment = 16) =>
        Build(Opcode.Alloca, IrType.Pointer(space), new AllocaInfo(space, bytes, alignment));

    public void Barrier() => Op(Opcode.Barrier, IrType.Void);

    public Value Shuffle(ShuffleMode mode, Value value, Value b, Value width) =>
        Build(Opcode.Shuffle, value.Type, mode, value, b, width);

    public void Jump(BasicBlock target) => Block.Terminator = Terminator.Jump(target);

    public void Branch(Value condition, BasicBlock whenTrue, BasicBlock whenFalse) =>
        Block.Terminator = Terminator.Branch(condition, whenTrue, whenFalse);

    /// <summary>
    /// A loop of I32 i from 0 to a count, with values that it carries on; the body may end in another block.
    /// </summary>
    /// <param name="body">Given i and the carried values, makes the next ones.</param>
    /// <returns>The carried values after the loop.</returns>
    public Value[] Loop(Value count, Value[] carried, Func<Value, Value[], Value[]> body)
    {
        BasicBlock before = Block, head = Function.AddBlock(), inside = Function.AddBlock();
        BasicBlock after = Function.AddBlock();
        Jump(head);
        Instruction index = Phi(IrType.I32);
        Instruction[] phis = [.. carried.Select(value => Phi(value.Type))];
        head.Instructions.Add(index);
        head.Instructions.AddRange(phis);
        Block = head;
        Branch(Compare(Predicate.Less, index, count), inside, after);
        Block = inside;
        Value[] next = body(index, phis);
        Value nextIndex = Add(index, Constant.Int(1));
        Jump(head);
        (index.Operands, index.Incoming) = ([Constant.Int(0), nextIndex], [before, Block]);
        for (int k = 0; k < phis.Length; k++)
            (phis[k].Operands, phis[k].Incoming) = ([carried[k], next[k]], [before, Block]);
        Block = after;
        return phis;
    }

    /// <summary>Code that runs where a condition holds; the builder goes on behind it.</summary>
    public void If(Value condition, Action body, Action? otherwise = null)
    {
        BasicBlock inside = Function.AddBlock(), after = Function.AddBlock();
        BasicBlock not = otherwise == null ? after : Function.AddBlock();
        Branch(condition, inside, not);
        Block = inside;
        body();
        Jump(after);
        if (otherwise != null)
        {
            Block = not;
            otherwise();
            Jump(after);
        }
        Block = after;
    }

    public CpuKernel Compile(bool isChecked = false, int workers = 1) =>
        CpuKernel.Compile(Function, new CpuOptions(isChecked, workers));
}
