using System.Reflection;
using System.Reflection.Emit;
using IlgpuDca.Ilgpu.Ir;
using IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>
/// Emits what one thread computes: values, loads, stores, branches and phis. It knows nothing of lanes and frames.
/// </summary>
sealed partial class ThreadCode(KernelPlan plan, ILGenerator il, ThreadPlaces places)
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
}
