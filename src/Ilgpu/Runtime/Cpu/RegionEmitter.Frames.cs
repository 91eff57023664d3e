using System.Reflection.Emit;
using IlgpuDca.Ilgpu.Ir;
using IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>What threads carry over suspensions: loads at a region's start, stores and operands where it is left.</summary>
sealed unsafe partial class RegionEmitter
{
    IEnumerable<Variable> CollectiveResults => _entry is { Kind: SuspensionKind.Collective }
        ? _plan.Placements.VariablesOf(_entry.Instruction!) : [];

    /// <summary>Loads what the thread carries and this region reads, or may have to hand on unchanged.</summary>
    void EmitLoads()
    {
        if (_entry == null)
            return;
        HashSet<Variable> handedOn = [.. _uses.Exits.SelectMany(exit => exit.Live)];
        handedOn.IntersectWith(_uses.Written);
        HashSet<Variable> results = [.. CollectiveResults];
        foreach (Variable variable in _entry.Live)
        {
            if (results.Contains(variable) || !_uses.Read.Contains(variable) && !handedOn.Contains(variable))
                continue;
            PushLaneAddress(variable.SlotOffset, variable.Size);
            MemoryEmitter.EmitLoad(_il, MemoryEmitter.FrameType(variable.Type), variable.Size);
            _il.Emit(OpCodes.Stloc, Local(variable));
        }
        if (results.Count == 0)
            return;
        CollectiveInfo info = (CollectiveInfo)_entry.Instruction!.Payload!;
        int component = 0;
        for (int k = 0; k < info.Parameters.Count; k++)
        {
            if (info.Parameters[k].Kind == AsmOperandKind.Input)
                continue;
            Variable variable = _plan.Placements.VariablesOf(_entry.Instruction)[component++];
            if (!_entry.Live.Contains(variable))
                continue;
            MemoryType type = info.Parameters[k].Type;
            PushLaneAddress(FrameLayout.OperandAt(k, type.Size()), type.Size());
            MemoryEmitter.EmitLoad(_il, type, type.Size());
            _il.Emit(OpCodes.Stloc, Local(variable));
        }
    }

    void EmitExit(ThreadCode code, Suspension exit, Label next)
    {
        if (exit.Instruction is { } instruction)
            EmitOperands(code, instruction);
        // The instruction's own results are written by whoever performs it.
        HashSet<Variable> results = exit.Instruction is { } convergent ? [.. _plan.Placements.VariablesOf(convergent)]
            : [];
        HashSet<Variable> collective = [.. CollectiveResults];
        foreach (Variable variable in exit.Live)
        {
            if (results.Contains(variable) || !_uses.Written.Contains(variable) && !collective.Contains(variable))
                continue;
            PushLaneAddress(variable.SlotOffset, variable.Size);
            _il.Emit(OpCodes.Ldloc, Local(variable));
            MemoryEmitter.EmitStore(_il, MemoryEmitter.FrameType(variable.Type), variable.Size);
        }
        EmitExitState(exit.State);
        _il.Emit(OpCodes.Br, next);
    }

    void EmitOperands(ThreadCode code, Instruction instruction)
    {
        if (instruction.Payload is HopperInfo { Operation: not HopperOperation.BarrierWait } wait)
        {
            MemoryType condition = wait.Operation == HopperOperation.MultiplyWait ? MemoryType.I32 : MemoryType.I64;
            PushLaneAddress(FrameLayout.OperandAt(0, condition.Size()), condition.Size());
            HopperEmitter.EmitCall(_il, code, this, instruction);
            MemoryEmitter.EmitStore(_il, condition, condition.Size());
            return;
        }
        CollectiveInfo? collective = instruction.Payload as CollectiveInfo;
        int position = -1;
        for (int k = 0; k < instruction.Operands.Length; k++)
        {
            Value operand = instruction.Operands[k];
            MemoryType type = MemoryEmitter.FrameType(operand.Type);
            position++;
            if (collective != null)
            {
                while (collective.Parameters[position].Kind == AsmOperandKind.Output)
                    position++;
                type = collective.Parameters[position].Type;
            }
            else if (WarpOperations.IsBuiltIn(instruction, k))
            {
                continue;
            }
            PushLaneAddress(FrameLayout.OperandAt(position, type.Size()), type.Size());
            code.Push(operand);
            MemoryEmitter.EmitStore(_il, type, type.Size());
        }
    }

    void EmitExitState(int state)
    {
        if (ExitCount == 1)
            return;
        PushLaneAddress(0, sizeof(int));
        _il.Emit(OpCodes.Ldc_I4, state);
        _il.Emit(OpCodes.Stind_I4);
        Combine(_anyBits!, OpCodes.Or);
        Combine(_allBits!, OpCodes.And);

        void Combine(LocalBuilder local, OpCode opcode)
        {
            _il.Emit(OpCodes.Ldloc, local);
            _il.Emit(OpCodes.Ldc_I4, state);
            _il.Emit(opcode);
            _il.Emit(OpCodes.Stloc, local);
        }
    }

    void PushLaneAddress(int offset, int size)
    {
        _il.Emit(OpCodes.Ldarg, Frame);
        _il.Emit(OpCodes.Ldloc, _lane);
        _il.Emit(OpCodes.Ldc_I4, size);
        _il.Emit(OpCodes.Mul);
        _il.Emit(OpCodes.Add);
        AddOffset(offset);
    }
}
