using System.Reflection;
using System.Reflection.Emit;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;

/// <summary>
/// The IL of Hopper's operations: a call, and for those that wait a suspension after it, whose condition the call gives.
/// </summary>
static class HopperEmitter
{
    /// <summary>An operation that does not wait.</summary>
    public static void Emit(ILGenerator il, ThreadCode code, ThreadPlaces places, Instruction instruction)
    {
        HopperInfo info = (HopperInfo)instruction.Payload!;
        // Fences order what this accelerator does in order anyway.
        if (info.Operation == HopperOperation.BarrierFence)
            return;
        EmitCall(il, code, places, instruction);
    }

    /// <summary>Calls what a suspension at a named barrier or for multiplications begins with; its result is on the stack.</summary>
    public static void EmitCall(ILGenerator il, ThreadCode code, ThreadPlaces places, Instruction instruction)
    {
        HopperInfo info = (HopperInfo)instruction.Payload!;
        places.PushCaller(instruction);
        foreach (Value operand in instruction.Operands)
            code.Push(operand);
        switch (info.Operation)
        {
            case HopperOperation.TensorLoad or HopperOperation.TensorStore or HopperOperation.TensorAdd:
                for (int k = info.Size; k < Coordinates.Count; k++)
                    il.Emit(OpCodes.Ldc_I4_0);
                break;
            case HopperOperation.StoreWaitRead or HopperOperation.StoreWait or HopperOperation.CopyWait
                or HopperOperation.MultiplyWait or HopperOperation.SetRegisters:
                il.Emit(OpCodes.Ldc_I4, info.Size);
                break;
        }
        il.Emit(OpCodes.Call, Method(info.Operation));
    }

    /// <summary>Tells of a store to shared memory.</summary>
    public static void EmitWrite(ILGenerator il, ThreadCode code, ThreadPlaces places, Instruction store)
    {
        places.PushCaller(store);
        code.Push(store.Operands[0]);
        il.Emit(OpCodes.Ldc_I4, store.Access.Type.Size() * store.Access.Count);
        il.Emit(OpCodes.Call, typeof(HopperCalls).GetMethod(nameof(HopperCalls.SharedWrite))!);
    }

    /// <summary>What a thread waits for there; null when it goes on at once.</summary>
    public static SuspensionKind? WaitOf(Instruction instruction) => ((HopperInfo)instruction.Payload!).Operation switch
    {
        HopperOperation.BarrierWait => SuspensionKind.Phase,
        HopperOperation.NamedBarrierSync => SuspensionKind.NamedBarrier,
        HopperOperation.MultiplyWait => SuspensionKind.Multiplications,
        _ => null,
    };

    static MethodInfo Method(HopperOperation operation) => typeof(HopperCalls).GetMethod(operation.ToString())!;
}
