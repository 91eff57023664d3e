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

    MethodTranslator(TranslationContext context, MethodTranslator? caller, MethodBase method, Slot[] arguments)
    {
        (_context, _caller, _method, _arguments) = (context, caller, method, arguments);
        (_ssa, _emit) = (context.Ssa, context.Emitter);
        MethodBody body = method.GetMethodBody()!;
        _locals = [.. body.LocalVariables.Select(local => new Slot(local.LocalType))];
        if (method is MethodInfo { ReturnType: var type } && type != typeof(void))
            _result = new Slot(type);
    }

    /// <summary>Translates a method with its arguments at the current position; returns its result, or null for void.</summary>
    public static StackValue? Inline(TranslationContext context, MethodTranslator? caller, MethodBase method, StackValue[] arguments)
    {
        for (MethodTranslator? frame = caller; frame is not null; frame = frame._caller)
            if (frame._method.MethodHandle == method.MethodHandle && frame._method.DeclaringType == method.DeclaringType)
                throw caller!.Refuse(JitError.Recursion, $"{Name(method)} calls itself.", "write it as a loop: every call in a kernel is inlined.");
        MethodBody? body = method.GetMethodBody();
        if (body?.GetILAsByteArray() is not { Length: > 0 } il)
        {
            string found = $"{Name(method)} has no IL to compile.";
            throw caller?.Refuse(JitError.NoBody, found, "call a method written in C#.")
                ?? new JitException(JitError.NoBody, method, 0, found, "pass a method written in C#.");
        }
        List<IlInstruction> instructions = IlReader.Read(method, il);
        Slot[] slots = [.. ParameterTypes(method).Select(type => new Slot(type))];
        MethodTranslator translator = new(context, caller, method, slots);
        SourceLocation location = context.Emitter.Location;
        if (body.ExceptionHandlingClauses.Count > 0)
            throw translator.Refuse(JitError.Exception, "a try block.", "kernels have no exceptions; test the condition instead.");
        StackValue? result = translator.Translate(instructions, arguments);
        context.Emitter.Location = location;
        return result;
    }

    /// <summary>The types of a method's arguments, <c>this</c> first: by-ref for a struct's method.</summary>
    static IEnumerable<Type> ParameterTypes(MethodBase method)
    {
        if (!method.IsStatic)
            yield return method.DeclaringType!.IsValueType ? method.DeclaringType.MakeByRefType() : method.DeclaringType;
        foreach (ParameterInfo parameter in method.GetParameters())
            yield return parameter.ParameterType;
    }

    StackValue? Translate(List<IlInstruction> instructions, StackValue[] arguments)
    {
        FindConstants(instructions);
        for (int k = 0; k < arguments.Length; k++)
            Store(_arguments[k], arguments[k], initial: true);
        if (_method.GetMethodBody()!.InitLocals)
            foreach (Slot local in _locals)
                if (!local.Type.IsByRef && local.Type.IsValueType && !_keepsItsValue.Contains(local))
                    Store(local, Zero(local.Type), initial: true);

        List<IlBlock> blocks = IlBlock.Split(instructions);
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

    /// <summary>
    /// Finds the arguments that are never assigned and the locals that are assigned once: no address but a view's or a readonly
    /// struct's that is neither constructed in place nor passed by ref. They need no variables, so what they hold stays known
    /// inside loops.
    /// </summary>
    void FindConstants(List<IlInstruction> instructions)
    {
        HashSet<Type> rebuilt = [];
        foreach (IlInstruction instruction in instructions)
        {
            if (instruction.Operand is ConstructorInfo constructor && instruction.OpCode == OpCodes.Call)
                rebuilt.Add(constructor.DeclaringType!);
            else if (instruction.Operand is Type type && (instruction.OpCode == OpCodes.Initobj || instruction.OpCode == OpCodes.Stobj))
                rebuilt.Add(type);
            else if (instruction.Operand is MethodBase called)
                rebuilt.UnionWith(called.GetParameters().Where(parameter => parameter.ParameterType.IsByRef && !parameter.IsIn)
                    .Select(parameter => parameter.ParameterType.GetElementType()!));
        }
        Dictionary<Slot, int> writes = [];
        foreach (IlInstruction instruction in instructions)
        {
            OpCode code = instruction.OpCode;
            if (code == OpCodes.Starg || code == OpCodes.Starg_S)
                Count(_arguments[(int)instruction.Operand!], 1);
            else if (code == OpCodes.Ldarga || code == OpCodes.Ldarga_S)
                CountAddress(_arguments[(int)instruction.Operand!]);
            else if (code.Value >= OpCodes.Stloc_0.Value && code.Value <= OpCodes.Stloc_3.Value)
                Count(_locals[code.Value - OpCodes.Stloc_0.Value], 1);
            else if (code == OpCodes.Stloc || code == OpCodes.Stloc_S)
                Count(_locals[(int)instruction.Operand!], 1);
            else if (code == OpCodes.Ldloca || code == OpCodes.Ldloca_S)
                CountAddress(_locals[(int)instruction.Operand!]);
        }
        _keepsItsValue.UnionWith(_arguments.Where(slot => writes.GetValueOrDefault(slot) == 0));
        _keepsItsValue.UnionWith(_locals.Where(slot => slot.Type.IsValueType && writes.GetValueOrDefault(slot) == 1));

        void Count(Slot slot, int count) => writes[slot] = writes.GetValueOrDefault(slot) + count;

        void CountAddress(Slot slot)
        {
            Type type = slot.Type;
            // The framework's numbers are readonly structs too, but a ref to one is there to assign it.
            bool readOnly = TypeLayout.IsView(type) || TypeLayout.Scalar(type) is null && type.IsDefined(typeof(System.Runtime.CompilerServices.IsReadOnlyAttribute), false);
            if (!readOnly || rebuilt.Contains(type))
                Count(slot, 2);
        }
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
