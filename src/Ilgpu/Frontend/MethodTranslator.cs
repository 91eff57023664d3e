using System.Reflection;
using System.Reflection.Emit;
using IlgpuDca.Ilgpu.Diagnostics;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Frontend;

/// <summary>
/// Translates one method's IL into the current position of a kernel: its locals become variables, its calls are translated in
/// place. One instance for each inlined call.
/// </summary>
sealed partial class MethodTranslator
{
    readonly TranslationContext _context;
    readonly MethodTranslator? _caller;
    readonly MethodBase _method;
    readonly MethodCode _code;
    readonly Slot[] _arguments;
    readonly Slot[] _locals;
    readonly SsaBuilder _ssa;
    readonly Emitter _emit;
    readonly Dictionary<IlBlock, BlockState> _states = [];
    readonly Slot? _result;
    readonly Stack<StackValue> _stack = new();
    IlInstruction _instruction;
    Type? _constrained;

    /// <summary>A block's IR side: where it starts, which edges are still to come, what stands on the stack when it begins.</summary>
    sealed class BlockState(BasicBlock block, int edgesToCome)
    {
        public BasicBlock Block { get; } = block;

        public int EdgesToCome { get; set; } = edgesToCome;

        public bool Reached { get; set; }

        public Slot[]? EntryStack { get; set; }
    }

    MethodTranslator(TranslationContext context, MethodTranslator? caller, MethodBase method, MethodCode code)
    {
        (_context, _caller, _method, _code) = (context, caller, method, code);
        (_ssa, _emit) = (context.Ssa, context.Emitter);
        _arguments = Slots(code.ParameterTypes, code.ConstantParameters);
        _locals = Slots(code.LocalTypes, code.ConstantLocals);
        if (method is MethodInfo { ReturnType: var type } && type != typeof(void))
            _result = new Slot(type);

        static Slot[] Slots(Type[] types, bool[] constant) => [.. types.Zip(constant, (type, keepsItsValue) => new Slot(type) { KeepsItsValue = keepsItsValue })];
    }

    /// <summary>Translates a method with its arguments at the current position; returns its result, or null for void.</summary>
    public static StackValue? Inline(TranslationContext context, MethodTranslator? caller, MethodBase method, StackValue[] arguments)
    {
        for (MethodTranslator? frame = caller; frame is not null; frame = frame._caller)
            if (frame._method.MethodHandle == method.MethodHandle && frame._method.DeclaringType == method.DeclaringType)
                throw caller!.Refuse(JitError.Recursion, $"{Name(method)} calls itself.", "write it as a loop: every call in a kernel is inlined.");
        if (MethodCode.Of(method) is not { } code)
        {
            string found = $"{Name(method)} has no IL to compile.";
            throw caller?.Refuse(JitError.NoBody, found, "call a method written in C#.")
                ?? new JitException(JitError.NoBody, method, 0, found, "pass a method written in C#.");
        }
        MethodTranslator translator = new(context, caller, method, code);
        SourceLocation location = context.Emitter.Location;
        if (code.HasTry)
            throw translator.Refuse(JitError.Exception, "a try block.", "kernels have no exceptions; test the condition instead.");
        StackValue? result = translator.Translate(arguments);
        context.Emitter.Location = location;
        return result;
    }

    StackValue? Translate(StackValue[] arguments)
    {
        for (int k = 0; k < arguments.Length; k++)
            Store(_arguments[k], arguments[k], initial: true);
        if (_code.ClearsLocals)
            foreach (Slot local in _locals)
                if (!local.Type.IsByRef && local.Type.IsValueType && !local.KeepsItsValue)
                    Store(local, Zero(local.Type), initial: true);

        List<IlBlock> blocks = _code.Blocks;
        foreach (IlBlock block in blocks)
            _states[block] = new BlockState(_ssa.AddBlock(), block.Predecessors + (block == blocks[0] ? 1 : 0));
        BasicBlock after = _ssa.AddBlock();
        GoTo(blocks[0]);
        foreach (IlBlock block in blocks)
            Translate(block, after);
        _ssa.Seal(after);
        _ssa.Current = after;
        return _result is null ? null : Load(_result);
    }

    void Translate(IlBlock block, BasicBlock after)
    {
        BlockState state = _states[block];
        if (!state.Reached)
        {
            foreach (IlBlock successor in block.Successors)
                EdgeDone(successor);
            return;
        }
        if (state.EdgesToCome == 0)
            _ssa.Seal(state.Block);
        _ssa.Current = state.Block;
        _stack.Clear();
        foreach (Slot slot in state.EntryStack ?? [])
            _stack.Push(Load(slot));

        foreach (IlInstruction instruction in block.Instructions)
        {
            _instruction = instruction;
            _emit.Location = new SourceLocation(_method, instruction.Offset);
            if (instruction.OpCode.FlowControl is FlowControl.Branch or FlowControl.Cond_Branch)
            {
                Branch(block, instruction);
                return;
            }
            if (instruction.OpCode == OpCodes.Ret)
            {
                if (_result is not null)
                    Store(_result, Pop());
                _ssa.End(Terminator.Jump(after));
                return;
            }
            Translate(instruction);
        }
        GoTo(block.Successors[0]);
    }

    void Branch(IlBlock block, IlInstruction instruction)
    {
        OpCode opCode = instruction.OpCode;
        int[] targets = IlBlock.Targets(instruction);
        IlBlock At(int offset) => block.Successors.First(successor => successor.Offset == offset);

        if (opCode == OpCodes.Br || opCode == OpCodes.Br_S)
        {
            GoTo(At(targets[0]));
            return;
        }
        if (opCode == OpCodes.Leave || opCode == OpCodes.Leave_S)
            throw Refuse(JitError.Exception, "a try block.", "kernels have no exceptions; test the condition instead.");
        if (opCode == OpCodes.Switch)
        {
            BranchSwitch(block, [.. targets.Select(At), At(instruction.NextOffset)]);
            return;
        }

        Value condition = Condition(opCode);
        IlBlock whenTrue = At(targets[0]), whenFalse = At(instruction.NextOffset);
        if (condition.Resolved is Constant known || whenTrue == whenFalse)
        {
            IlBlock taken = whenTrue == whenFalse || ((Constant)condition.Resolved).Bits != 0 ? whenTrue : whenFalse;
            foreach (IlBlock other in block.Successors)
                if (other != taken)
                    EdgeDone(other);
            GoTo(taken);
            return;
        }
        PassStack(whenTrue);
        PassStack(whenFalse);
        _ssa.End(Terminator.Branch(condition, _states[whenTrue].Block, _states[whenFalse].Block));
        Arrive(whenTrue);
        Arrive(whenFalse);
    }

    void BranchSwitch(IlBlock block, IlBlock[] targets)
    {
        Value selector = PopValue().Resolved;
        if (selector is Constant known)
        {
            IlBlock taken = targets[(int)Math.Min(known.Bits, (ulong)targets.Length - 1)];
            foreach (IlBlock other in block.Successors)
                if (other != taken)
                    EdgeDone(other);
            GoTo(taken);
            return;
        }
        foreach (IlBlock target in block.Successors)
            PassStack(target);
        BasicBlock[] blocks = [.. targets.Select(target => _states[target].Block)];
        _ssa.End(blocks.Distinct().Count() == 1 ? Terminator.Jump(blocks[0]) : new Terminator(TerminatorKind.Switch, selector, blocks));
        foreach (IlBlock target in block.Successors)
            Arrive(target);
    }

    void GoTo(IlBlock target)
    {
        PassStack(target);
        _ssa.End(Terminator.Jump(_states[target].Block));
        Arrive(target);
    }

    /// <summary>Writes what stands on the stack into the target's entry slots.</summary>
    void PassStack(IlBlock target)
    {
        BlockState state = _states[target];
        StackValue[] values = [.. _stack.Reverse()];
        state.EntryStack ??= [.. values.Select(StackSlot)];
        for (int k = 0; k < values.Length; k++)
            Store(state.EntryStack[k], values[k], initial: true);
    }

    Slot StackSlot(StackValue value) => value switch
    {
        Scalar scalar => new Slot(typeof(void)) { Leaves = [new Variable(StackType(scalar.Value.Resolved.Type), "stack")] },
        Struct @struct => new Slot(@struct.Layout.Type),
        MemoryReference => new Slot(typeof(void).MakePointerType()),
        _ => new Slot(typeof(void)) { Alias = value },
    };

    static IrType StackType(IrType type) => type.IsPointer ? IrType.Pointer(AddressSpace.Generic) : type;

    void Arrive(IlBlock target)
    {
        _states[target].Reached = true;
        EdgeDone(target);
    }

    /// <summary>One edge into the block is known, or known never to be taken; after the last the block is sealed.</summary>
    void EdgeDone(IlBlock target)
    {
        BlockState state = _states[target];
        state.EdgesToCome--;
        if (state.EdgesToCome == 0)
            _ssa.Seal(state.Block);
    }

    /// <summary>A refusal at the instruction that is being translated.</summary>
    public JitException Refuse(JitError id, string found, string fix) => new(id, _method, _instruction.Offset, found, fix);

    public static string Name(MethodBase method) =>
        $"{method.DeclaringType?.Name}.{method.Name}({string.Join(", ", method.GetParameters().Select(parameter => parameter.ParameterType.Name))})";

    void Push(StackValue value) => _stack.Push(value);

    void Push(Value value) => _stack.Push(new Scalar(value));

    StackValue Pop() => _stack.Pop();

    Value PopValue() => Value(_stack.Pop());

    /// <summary>The single value of a scalar, or of a struct with one leaf.</summary>
    public Value Value(StackValue value) => value switch
    {
        Scalar scalar => scalar.Value.Resolved,
        Struct { Leaves.Length: 1 } @struct => @struct.Leaves[0].Resolved,
        MemoryReference reference => reference.Pointer.Resolved,
        NullObject => Constant.Zero(IrType.I64),
        LocalReference => throw Refuse(JitError.StackMemory, "the address of a local is used as a number.", "pass it by ref, or use LocalMemory.Allocate."),
        _ => throw Refuse(JitError.ReferenceType, "an object reference is used as a value.", "kernels hold values only: use structs and views."),
    };
}
