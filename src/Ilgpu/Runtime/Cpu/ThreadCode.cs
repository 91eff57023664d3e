using System.Reflection;
using System.Reflection.Emit;
using IlgpuDca.Ilgpu.Ir;
using IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;
using IlgpuDca.Ilgpu.Runtime.Cpu.Races;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>
/// Emits what one thread computes: values, loads, stores, branches and phis. It knows nothing of lanes and frames.
/// </summary>
sealed class ThreadCode(KernelPlan plan, ILGenerator il, ThreadPlaces places)
{
    static readonly MethodInfo FullFence = typeof(Interlocked).GetMethod(nameof(Interlocked.MemoryBarrier))!;

    readonly Placements _placements = plan.Placements;

    /// <summary>Puts a value on the IL stack.</summary>
    public void Push(Value value)
    {
        switch (value)
        {
            case Constant constant:
                ArithmeticEmitter.EmitConstant(il, constant);
                break;
            case Undefined:
                ArithmeticEmitter.EmitZero(il, value.Type);
                break;
            case Parameter parameter:
                il.Emit(OpCodes.Ldloc, places.Uniform(parameter));
                break;
            case Instruction instruction:
                PushResult(instruction);
                break;
        }
    }

    /// <summary>
    /// Emits an instruction that stands for itself: an effect, or a value that goes to its variables.
    /// </summary>
    public void EmitRoot(Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Phi:
                break;
            case Opcode.Select:
                EmitSelect(instruction, places.Local(_placements.VariableOf(instruction)));
                break;
            case Opcode.Store:
                if (plan.IsChecked && plan.UsesUnits && instruction.Operands[0].Type.Space == AddressSpace.Shared)
                    HopperEmitter.EmitWrite(il, this, places, instruction);
                EmitStore(instruction);
                break;
            case Opcode.Load when instruction.Access.Count > 1:
                EmitVectorLoad(instruction);
                break;
            case Opcode.Fence:
                if ((FenceLevel)instruction.Payload! != FenceLevel.Group)
                    il.Emit(OpCodes.Call, FullFence);
                break;
            case Opcode.CheckBounds:
                EmitCheckBounds(instruction);
                break;
            case Opcode.Hopper:
                HopperEmitter.Emit(il, this, places, instruction);
                break;
            default:
                Compute(instruction);
                il.Emit(OpCodes.Stloc, places.Local(_placements.VariableOf(instruction)));
                break;
        }
    }

    /// <summary>Computes a value of the whole group into its local.</summary>
    public void EmitUniform(Instruction instruction)
    {
        LocalBuilder local = places.Uniform(instruction);
        if (instruction.Opcode == Opcode.Select)
        {
            EmitSelect(instruction, local);
            return;
        }
        Compute(instruction);
        il.Emit(OpCodes.Stloc, local);
    }

    /// <summary>Ends a block: sets the phis of the block that follows and goes there.</summary>
    /// <param name="next">The block whose code is emitted next, if any.</param>
    /// <param name="leave">Where a thread goes that returns.</param>
    public void EmitTerminator(BasicBlock block, BasicBlock? next, Label leave)
    {
        Terminator end = block.Terminator;
        switch (end.Kind)
        {
            case TerminatorKind.Return:
                il.Emit(OpCodes.Br, leave);
                break;
            case TerminatorKind.Jump:
                EmitEdge(block, end.Targets[0], next);
                break;
            case TerminatorKind.Branch:
                EmitBranch(block, end, next);
                break;
            case TerminatorKind.Switch:
                Label[] cases = [.. end.Targets.Select(_ => il.DefineLabel())];
                Push(end.Condition!);
                il.Emit(OpCodes.Switch, cases[..^1]);
                for (int k = cases.Length - 1; k >= 0; k--)
                {
                    il.MarkLabel(cases[k]);
                    EmitEdge(block, end.Targets[k], k == 0 ? next : null);
                }
                break;
        }
    }

    void EmitBranch(BasicBlock block, Terminator end, BasicBlock? next)
    {
        // The branch is taken to the block that does not follow, and straight where its edge sets nothing.
        int taken = end.Targets[0] == next ? 1 : 0;
        BasicBlock far = end.Targets[taken], near = end.Targets[1 - taken];
        bool direct = Copies(block, far).Count == 0;
        Label label = direct ? places.LabelOf(far) : il.DefineLabel();
        EmitConditionalBranch(end.Condition!, taken == 1, label);
        if (direct)
        {
            EmitEdge(block, near, next);
            return;
        }
        EmitEdge(block, near, null);
        il.MarkLabel(label);
        EmitEdge(block, far, next);
    }

    void EmitConditionalBranch(Value condition, bool whenFalse, Label label)
    {
        while (condition is Instruction { Opcode: Opcode.Not } not && _placements.Of(not) == Placement.Folded)
            (condition, whenFalse) = (not.Operands[0], !whenFalse);
        if (condition is Instruction { Opcode: Opcode.Compare } compare && _placements.Of(compare) == Placement.Folded)
        {
            Push(compare.Operands[0]);
            Push(compare.Operands[1]);
            ArithmeticEmitter.EmitBranch(il, compare.Operands[0].Type, compare.Comparison, whenFalse, label);
            return;
        }
        Push(condition);
        il.Emit(whenFalse ? OpCodes.Brfalse : OpCodes.Brtrue, label);
    }

    void EmitEdge(BasicBlock from, BasicBlock to, BasicBlock? next)
    {
        List<(LocalBuilder Target, Variable Variable, Value Source)> copies = Copies(from, to);
        // A phi that no waiting copy reads may be set at once; a cycle goes over the stack.
        while (copies.Count > 0)
        {
            int free = copies.FindIndex(copy => copies.All(other =>
                other.Variable == copy.Variable || !_placements.Leaves(other.Source).Contains(copy.Variable)));
            int count = free < 0 ? copies.Count : 1;
            int first = Math.Max(free, 0);
            for (int k = first; k < first + count; k++)
                Push(copies[k].Source);
            for (int k = first + count - 1; k >= first; k--)
                il.Emit(OpCodes.Stloc, copies[k].Target);
            copies.RemoveRange(first, count);
        }
        if (to != next)
            il.Emit(OpCodes.Br, places.LabelOf(to));
    }

    List<(LocalBuilder Target, Variable Variable, Value Source)> Copies(BasicBlock from, BasicBlock to)
    {
        List<(LocalBuilder Target, Variable Variable, Value Source)> copies = [];
        foreach (Instruction phi in to.Phis)
        {
            int k = Array.IndexOf(phi.Incoming!, from);
            if (_placements.Of(phi) == Placement.Dead || phi.Operands[k] == phi)
                continue;
            Variable variable = _placements.VariableOf(phi);
            copies.Add((places.Local(variable), variable, phi.Operands[k]));
        }
        return copies;
    }

    void PushResult(Instruction instruction)
    {
        switch (_placements.Of(instruction))
        {
            case Placement.Folded:
                Compute(instruction);
                break;
            case Placement.Inline:
                PushAddress(instruction);
                break;
            case Placement.Uniform:
                il.Emit(OpCodes.Ldloc, places.Uniform(instruction));
                break;
            case Placement.ThreadIndex:
                places.PushThreadIndex((SpecialRegister)instruction.Payload!);
                break;
            default:
                il.Emit(OpCodes.Ldloc, places.Local(_placements.VariableOf(instruction)));
                break;
        }
    }

    void PushAddress(Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Alloca when instruction.AllocaInfo.Space == AddressSpace.Shared:
                places.PushShared(plan.OffsetOf(instruction));
                break;
            case Opcode.Alloca:
                places.PushLocalMemory(plan.OffsetOf(instruction));
                break;
            case Opcode.DynamicShared:
                places.PushShared(plan.Frame.StaticSharedBytes);
                break;
            case Opcode.ConstantData:
                il.Emit(OpCodes.Ldc_I8, (long)plan.AddressOf((byte[])instruction.Payload!));
                il.Emit(OpCodes.Conv_I);
                break;
            default:
                Compute(instruction);
                break;
        }
    }

    void Compute(Instruction instruction)
    {
        if (instruction.Opcode == Opcode.Special)
        {
            places.PushUniformRegister((SpecialRegister)instruction.Payload!);
            return;
        }
        foreach (Value operand in instruction.Operands)
        {
            Push(operand);
            if (operand == instruction.Operands[0] && instruction.Opcode is Opcode.Load or Opcode.Atomic or Opcode.AtomicCompareExchange)
                EmitTouch(instruction);
        }
        switch (instruction.Opcode)
        {
            case Opcode.SharedAddress:
                places.PushShared(0);
                il.Emit(OpCodes.Sub);
                il.Emit(OpCodes.Conv_I4);
                break;
            case Opcode.Load:
                MemoryEmitter.EmitLoad(il, instruction.Access.Type, instruction.Access.Alignment);
                break;
            case Opcode.Atomic:
            case Opcode.AtomicCompareExchange:
                MemoryEmitter.EmitAtomic(il, instruction);
                break;
            default:
                ArithmeticEmitter.Emit(il, instruction);
                break;
        }
    }

    /// <summary>An access to the address on top of the stack, which stays there.</summary>
    void EmitTouch(Instruction access)
    {
        if (plan.FindsRaces)
            RaceEmitter.Emit(il, places, access);
    }

    void EmitSelect(Instruction select, LocalBuilder target)
    {
        // The condition goes first: it may be the folded read of something that the target's local does not hold.
        Label otherwise = il.DefineLabel(), end = il.DefineLabel();
        EmitConditionalBranch(select.Operands[0], true, otherwise);
        Push(select.Operands[1]);
        il.Emit(OpCodes.Stloc, target);
        il.Emit(OpCodes.Br, end);
        il.MarkLabel(otherwise);
        Push(select.Operands[2]);
        il.Emit(OpCodes.Stloc, target);
        il.MarkLabel(end);
    }

    void EmitVectorLoad(Instruction load)
    {
        MemoryAccess access = load.Access;
        LocalBuilder address = il.DeclareLocal(typeof(nint));
        Push(load.Operands[0]);
        EmitTouch(load);
        il.Emit(OpCodes.Stloc, address);
        Variable[] components = _placements.VariablesOf(load);
        for (int k = 0; k < access.Count; k++)
        {
            PushElement(address, k * access.Type.Size());
            MemoryEmitter.EmitLoad(il, access.Type, access.Alignment);
            il.Emit(OpCodes.Stloc, places.Local(components[k]));
        }
    }

    void EmitStore(Instruction store)
    {
        MemoryAccess access = store.Access;
        Push(store.Operands[0]);
        EmitTouch(store);
        if (access.Count == 1)
        {
            Push(store.Operands[1]);
            MemoryEmitter.EmitStore(il, access.Type, access.Alignment);
            return;
        }
        LocalBuilder address = il.DeclareLocal(typeof(nint));
        il.Emit(OpCodes.Stloc, address);
        // All values are read before the first is written: a folded load may read what the store overwrites.
        for (int k = 0; k < access.Count; k++)
        {
            PushElement(address, k * access.Type.Size());
            Push(store.Operands[k + 1]);
        }
        for (int k = 0; k < access.Count; k++)
            MemoryEmitter.EmitStore(il, access.Type, access.Alignment);
    }

    void PushElement(LocalBuilder address, int offset)
    {
        il.Emit(OpCodes.Ldloc, address);
        if (offset == 0)
            return;
        il.Emit(OpCodes.Ldc_I4, offset);
        il.Emit(OpCodes.Add);
    }

    void EmitCheckBounds(Instruction check)
    {
        LocalBuilder index = Store(check.Operands[0]), length = Store(check.Operands[1]);
        Label inside = il.DefineLabel();
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Ldloc, length);
        il.Emit(OpCodes.Blt_Un, inside);
        places.EmitIndexError(check, index, length);
        il.MarkLabel(inside);

        LocalBuilder Store(Value value)
        {
            LocalBuilder local = il.DeclareLocal(typeof(long));
            Push(value);
            if (value.Type.Kind == IrKind.I32)
                il.Emit(OpCodes.Conv_I8);
            il.Emit(OpCodes.Stloc, local);
            return local;
        }
    }
}
