using System.Reflection.Emit;
using IlgpuDca.Ilgpu.Ir;
using IlgpuDca.Ilgpu.Runtime.Cpu.Races;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>Addresses, loads, stores and the checks of them.</summary>
sealed partial class ThreadCode
{
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

    /// <summary>An access to the address on top of the stack, which stays there.</summary>
    void EmitTouch(Instruction access)
    {
        if (plan.FindsRaces)
            RaceEmitter.Emit(il, places, access);
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
